{% macro andel(teller, nevner) %}
    {{- return(adapter.dispatch('andel', 'kommunale_boliger')(teller, nevner)) -}}
{% endmacro %}

{% macro duckdb__andel(teller, nevner) -%}
    {#- Integer arithmetic: decimal / decimal is DOUBLE in DuckDB and would round 0.5 to even now and then.
        A quotient that numeric(18, 6) cannot hold is missing, so that a typing error does not stop the build. -#}
    {%- set milliondeler = (
        "((2000000 * abs(cast(" ~ teller ~ " as hugeint)) + nullif(cast(" ~ nevner ~ " as hugeint), 0)) // "
        ~ "(2 * nullif(cast(" ~ nevner ~ " as hugeint), 0)))"
    ) -%}
    case
        when {{ milliondeler }} < 1000000000000000000
            then
                cast(
                    sign({{ teller }}) * cast({{ milliondeler }} as bigint) * cast(0.000001 as decimal(7, 6))
                    as decimal(18, 6)
                )
    end
{%- endmacro %}
