{% test accepted_range(model, column_name, min_value=none, max_value=none) %}
    {%- if min_value is none and max_value is none -%}
        {{ exceptions.raise_compiler_error(
            "accepted_range on " ~ model ~ "." ~ column_name ~ ": give min_value, max_value or both."
        ) }}
    {%- endif -%}
    {#- A missing value is not_null's business. -#}
    select {{ column_name }}
    from {{ model }}
    where
        {{ column_name }} is not null
        and (
            {{ column_name }} >= {{ column_name if min_value is none else min_value }}
            and {{ column_name }} <= {{ column_name if max_value is none else max_value }}
        ) is not true
{% endtest %}
