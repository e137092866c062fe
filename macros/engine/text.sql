{#- Unicode's space separators, tab, line feed and carriage return. -#}
{% macro blanktegn() -%}
    {{- return(
        " \t\n\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
    ) -}}
{%- endmacro %}

{% macro trimmet(tekst) %}
    {{- return(adapter.dispatch('trimmet', 'kommunale_boliger')(tekst)) -}}
{% endmacro %}

{% macro duckdb__trimmet(tekst) -%}
    trim({{ tekst }}, '{{ blanktegn() }}')
{%- endmacro %}

{% macro postgres__trimmet(tekst) -%}
    btrim({{ tekst }}, '{{ blanktegn() }}')
{%- endmacro %}

{% macro tegnvis(tekst) %}
    {{- return(adapter.dispatch('tegnvis', 'kommunale_boliger')(tekst)) -}}
{% endmacro %}

{% macro duckdb__tegnvis(tekst) -%}
    {{ tekst }}
{%- endmacro %}

{% macro postgres__tegnvis(tekst) -%}
    ({{ tekst }} collate "C")
{%- endmacro %}

{% macro tekstliste(tekst, skilletegn=', ') %}
    {{- return(adapter.dispatch('tekstliste', 'kommunale_boliger')(tekst, skilletegn)) -}}
{% endmacro %}

{% macro duckdb__tekstliste(tekst, skilletegn) -%}
    string_agg({{ tekst }}, '{{ skilletegn | replace("'", "''") }}' order by {{ tekst }})
{%- endmacro %}

{% macro postgres__tekstliste(tekst, skilletegn) -%}
    string_agg({{ tekst }}, '{{ skilletegn | replace("'", "''") }}' order by {{ postgres__tegnvis(tekst) }})
{%- endmacro %}

{% macro sha256(tekst) %}
    {{- return(adapter.dispatch('sha256', 'kommunale_boliger')(tekst)) -}}
{% endmacro %}

{% macro duckdb__sha256(tekst) -%}
    sha256({{ tekst }})
{%- endmacro %}

{% macro postgres__sha256(tekst) -%}
    encode(sha256(convert_to({{ tekst }}, 'UTF8')), 'hex')
{%- endmacro %}
