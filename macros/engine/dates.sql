{% macro dager_mellom(fra, til) %}
    {{- return(adapter.dispatch('dager_mellom', 'kommunale_boliger')(fra, til)) -}}
{% endmacro %}

{% macro duckdb__dager_mellom(fra, til) -%}
    date_diff('day', {{ fra }}, {{ til }})
{%- endmacro %}

{% macro postgres__dager_mellom(fra, til) -%}
    (({{ til }}) - ({{ fra }}))
{%- endmacro %}
