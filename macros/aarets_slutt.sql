{% macro aarets_slutt(aargang) -%}
    cast(cast({{ aargang }} as varchar(4)) || '-12-31' as date)
{%- endmacro %}

{% macro aarets_start(aargang) -%}
    cast(cast({{ aargang }} as varchar(4)) || '-01-01' as date)
{%- endmacro %}
