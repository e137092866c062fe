{% test not_null_columns(model, columns) %}
    {%- if columns is string or not columns -%}
        {{ exceptions.raise_compiler_error(
            "not_null_columns on " ~ model ~ ": columns must be a list of column names, found '" ~ columns ~ "'."
        ) }}
    {%- endif -%}
    {#- One query for the whole table: the failing rows show which column is missing. -#}
    select {{ columns | join(', ') }}
    from {{ model }}
    where {% for column in columns %}{{ column }} is null{% if not loop.last %} or {% endif %}{% endfor %}
{% endtest %}
