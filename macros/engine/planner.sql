{% macro foer_bygging() %}
    {{- return(adapter.dispatch('foer_bygging', 'kommunale_boliger')()) -}}
{% endmacro %}

{% macro duckdb__foer_bygging() -%}
{%- endmacro %}

{% macro postgres__foer_bygging() -%}
    {#- PostgreSQL takes a CTE for much smaller than it is, and then loops where it should hash; compiling the query
        costs more than it saves here. -#}
    set local enable_nestloop = off; set local jit = off
{%- endmacro %}

{% macro etter_bygging() %}
    {{- return(adapter.dispatch('etter_bygging', 'kommunale_boliger')()) -}}
{% endmacro %}

{% macro duckdb__etter_bygging() -%}
{%- endmacro %}

{% macro postgres__etter_bygging() -%}
    {#- A new table has no statistics until the server gets round to it; the next model needs them now. -#}
    analyze {{ this }}
{%- endmacro %}
