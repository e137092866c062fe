{% test unique_combination_of_columns(model, combination_of_columns) %}
    {%- if combination_of_columns is string or not combination_of_columns -%}
        {{ exceptions.raise_compiler_error(
            "unique_combination_of_columns on " ~ model ~ ": combination_of_columns must be a list of column names, found '"
            ~ combination_of_columns ~ "'."
        ) }}
    {%- endif -%}
    select
        {{ combination_of_columns | join(', ') }},
        count(*) as antall_rader
    from {{ model }}
    group by {{ combination_of_columns | join(', ') }}
    having count(*) > 1
{% endtest %}
