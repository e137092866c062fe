{% macro andel(teller, nevner) %}
    {{- return(adapter.dispatch('andel', 'kommunale_boliger')(teller, nevner)) -}}
{% endmacro %}

{% macro duckdb__andel(teller, nevner) -%}
    {#- Integer arithmetic: decimal / decimal is DOUBLE in DuckDB and would round 0.5 to even now and then. -#}
    cast(
        sign({{ teller }}) * (
            (2000000 * abs(cast({{ teller }} as bigint)) + nullif(cast({{ nevner }} as bigint), 0))
            // (2 * nullif(cast({{ nevner }} as bigint), 0))
        ) * cast(0.000001 as decimal(7, 6))
        as decimal(18, 6)
    )
{%- endmacro %}
