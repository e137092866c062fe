with beboere as (

    select * from {{ ref('int_iplos__beboere') }}

),

final as (

    select * from {{ ref('int_kontroll__svar_aarsak') }}
    union all
    select * from {{ ref('int_kontroll__ordning') }}
    union all
    select * from {{ ref('int_kontroll__skjema_maal') }}
    union all
    select * from {{ ref('int_kontroll__vedtak_maal') }}

    union all

    select
        'lager' as kilde,
        aargang,
        enhet_nr,
        'beholdning' as felt,
        boliger_i_alt as antall
    from {{ ref('int_boligmasse__beholdning') }}

    union all

    select
        'husbanken' as kilde,
        aargang,
        komm_nr as enhet_nr,
        'statlig_bostotte_husstander' as felt,
        husstander as antall
    from {{ ref('int_husbanken__bostotte') }}

    {%- set maal = {
        'iplos_personer': 'personer',
        'iplos_personer_levert': 'personer_levert',
        'personer_doed_foer_3112': 'bro_doed_foer_3112',
    } %}
    {%- for felt, kolonne in maal.items() %}

    union all

    select
        'iplos' as kilde,
        aargang,
        enhet_nr,
        '{{ felt }}' as felt,
        {{ kolonne }} as antall
    from beboere
    {%- endfor %}

    union all

    select
        kilde,
        aargang,
        enhet_nr,
        'levert' as felt,
        case when besvart then 1 else 0 end as antall
    from {{ ref('int_kvalitet__svarenhet') }}
    where felt = 'ENHET'

)

select
    kilde,
    cast(aargang as integer) as aargang,
    enhet_nr,
    felt,
    cast(antall as bigint) as antall
from final
