{%- set iplos_maal = {
    'iplos_personer_levert': 'personer_levert',
    'iplos_personer': 'personer',
    'iplos_personer_levert_i_aaret': 'personer_levert_i_aaret',
    'iplos_personer_i_aaret': 'personer_i_aaret',
} -%}

with skjema13 as (

    select * from {{ ref('int_skjema13__verdi') }}

),

beholdning as (

    select * from {{ ref('int_boligmasse__beholdning') }}

),

kmd as (

    select * from {{ ref('int_kmd__verdi') }}

),

iplos as (

    select * from {{ ref('int_iplos__beboere') }}

),

symboler as (

    select * from {{ ref('symbol_aarsak') }}

),

samlet as (

    select
        aargang,
        enhet_nr,
        enhet_type,
        komm_nr,
        case when felt = 'boliger_i_alt' then 'boliger_i_alt_oppgitt' else felt end as maal,
        'skjema13' as kilde,
        metode,
        antall,
        symbol_aarsak
    from skjema13

    union all

    select
        aargang,
        enhet_nr,
        enhet_type,
        komm_nr,
        'boliger_i_alt' as maal,
        'skjema13' as kilde,
        metode,
        boliger_i_alt as antall,
        symbol_aarsak
    from beholdning

    union all

    select
        aargang,
        enhet_nr,
        enhet_type,
        komm_nr,
        felt as maal,
        'kmd' as kilde,
        metode,
        antall,
        symbol_aarsak
    from kmd

    {%- for maal, kolonne in iplos_maal.items() %}

    union all

    select
        aargang,
        enhet_nr,
        enhet_type,
        komm_nr,
        '{{ maal }}' as maal,
        'iplos' as kilde,
        'registertelling' as metode,
        {{ kolonne }} as antall,
        symbol_aarsak
    from iplos
    {%- endfor %}

),

final as (

    select
        samlet.aargang,
        samlet.enhet_nr,
        samlet.enhet_type,
        samlet.komm_nr,
        samlet.maal,
        samlet.kilde,
        samlet.metode,
        samlet.antall,
        symboler.symbol,
        samlet.symbol_aarsak
    from samlet
    left join symboler on samlet.symbol_aarsak = symboler.symbol_aarsak

)

select * from final
