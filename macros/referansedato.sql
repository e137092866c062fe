{#- The day that deadlines are counted from is given, never read off a clock. -#}
{% macro referansedato() -%}
    {%- set verdi = var('referansedato', none) -%}
    {%- if verdi is none or verdi == '' -%}
        {{ return('cast(null as date)') }}
    {%- endif -%}
    {%- set tekst = verdi | string -%}
    {%- set ns = namespace(er_dato=false) -%}
    {%- if modules.re.match('^[1-9][0-9]{3}-(0[1-9]|1[0-2])-[0-3][0-9]$', tekst) -%}
        {%- set aar, maaned, dag = tekst[:4] | int, tekst[5:7] | int, tekst[8:] | int -%}
        {%- set neste = modules.datetime.date(aar, maaned, 28) + modules.datetime.timedelta(days=4) -%}
        {%- set ns.er_dato = 1 <= dag <= (neste - modules.datetime.timedelta(days=neste.day)).day -%}
    {%- endif -%}
    {%- if not ns.er_dato -%}
        {{ exceptions.raise_compiler_error(
            "the variable referansedato is '" ~ tekst ~ "'; expected a date as YYYY-MM-DD, for example 2018-09-01"
        ) }}
    {%- endif -%}
    {{ return("cast('" ~ tekst ~ "' as date)") }}
{%- endmacro %}
