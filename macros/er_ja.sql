{% macro er_ja(svar) -%}
    translate({{ trimmet(svar) }}, 'JA', 'ja') = 'ja'
{%- endmacro %}
