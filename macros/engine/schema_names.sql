{#- dbt's own generate_schema_name dispatches to these. -#}
{% macro duckdb__generate_schema_name(custom_schema_name, node) -%}
    {#- A file holds one warehouse, so its schemas need no prefix. -#}
    {{ target.schema if custom_schema_name is none else custom_schema_name | trim }}
{%- endmacro %}

{% macro postgres__generate_schema_name(custom_schema_name, node) -%}
    {#- On a server the names without prefix are the published ones, which no dbt run writes to. -#}
    {{ target.schema if custom_schema_name is none else target.schema ~ '_' ~ custom_schema_name | trim }}
{%- endmacro %}
