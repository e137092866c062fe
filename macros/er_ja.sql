{% macro er_ja(svar) -%}
    lower({{ trimmet(svar) }}) = 'ja'
{%- endmacro %}
