{#- The day that deadlines are counted from is given, never read off a clock. -#}
{% macro referansedato() -%}
    {%- set verdi = var('referansedato', none) -%}
    {%- if verdi is none or verdi == '' -%}
        {{ return('cast(null as date)') }}
    {%- endif -%}
    {#- Month by month, and every fourth year; that 1900 had no 29 February is left to the engine. -#}
    {%- set lange = '(01|03|05|07|08|10|12)-(0\\d|1\\d|2\\d|30|31)' -%}
    {%- set korte = '(04|06|09|11)-(0\\d|1\\d|2\\d|30)|02-(0\\d|1\\d|20|21|22|23|24|25|26|27|28)' -%}
    {%- set skuddaar = '\\d{2}(0(0|4|8)|(1|3|5|7|9)(2|6)|(2|4|6|8)(0|4|8))-02-29' -%}
    {%- set datoer = '(?!0000|.*-00)(\\d{4}-(' ~ lange ~ '|' ~ korte ~ ')|' ~ skuddaar ~ ')' -%}
    {%- if not modules.re.fullmatch(datoer, verdi | string) -%}
        {{ exceptions.raise_compiler_error(
            "the variable referansedato is '" ~ verdi ~ "'; expected a date as YYYY-MM-DD, for example 2018-09-01"
        ) }}
    {%- endif -%}
    {{ return("cast('" ~ verdi ~ "' as date)") }}
{%- endmacro %}
