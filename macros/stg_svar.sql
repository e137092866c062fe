{% macro stg_svar(kilde) %}
    {%- if kilde not in ['skjema13', 'kmd', 'husbanken'] -%}
        {{ exceptions.raise_compiler_error("stg_svar: kilde must be skjema13, kmd or husbanken, found '" ~ kilde ~ "'.") }}
    {%- endif -%}
    with inndata as (

        select * from {{ source('inndata', kilde) }}

    ),

    typet as (

        select
            fil,
            {{ heltall('rad_nr') }} as rad_nr,
            {{ dato('leveranse') }} as leveranse,
            publiseringsstatus,
            cast({{ heltall('aargang') }} as integer) as aargang,
            coalesce({{ trimmet('enhet_nr') }}, '') as enhet_nr,
            felt,
            verdi,
            {{ heltall('verdi') }} as verdi_heltall,
            {{ dato('verdi') }} as verdi_dato
        from inndata

    )

    select * from typet
{% endmacro %}
