{% macro heltall(tekst) %}
    {{- return(adapter.dispatch('heltall', 'kommunale_boliger')(tekst)) -}}
{% endmacro %}

{% macro duckdb__heltall(tekst) -%}
    case
        when regexp_full_match(trim({{ tekst }}), '[+-]?[0-9]{1,9}') then cast(trim({{ tekst }}) as bigint)
    end
{%- endmacro %}

{% macro dato(tekst) %}
    {{- return(adapter.dispatch('dato', 'kommunale_boliger')(tekst)) -}}
{% endmacro %}

{% macro duckdb__dato(tekst) -%}
    case
        when regexp_full_match(trim({{ tekst }}), '[0-9]{4}-[0-9]{2}-[0-9]{2}') then try_cast(trim({{ tekst }}) as date)
    end
{%- endmacro %}
