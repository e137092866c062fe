{#- Unit × field: was the unit asked, and did it answer? ENHET is the unit itself. -#}
with enheter as (

    select * from {{ ref('int_region__enhet_aar') }}

),

skjema13 as (

    select * from {{ ref('int_skjema13__verdi') }}
    where enhet_type = 'kommune'

),

kmd as (

    select * from {{ ref('int_kmd__verdi') }}

),

kmd_enheter as (

    select * from {{ ref('int_kmd__enhet') }}

),

iplos as (

    select * from {{ ref('int_iplos__beboere') }}
    where enhet_type = 'kommune'

),

-- Unit response is counted by municipality.
enhetssvar as (

    select
        'skjema13' as kilde,
        aargang,
        enhet_nr,
        max(case when symbol_aarsak = 'ikke_levert' then 0 else 1 end) = 1 as besvart
    from skjema13
    group by aargang, enhet_nr

    union all

    select
        'kmd' as kilde,
        aargang,
        enhet_nr,
        besvart
    from kmd_enheter
    where enhet_type = 'kommune'

    union all

    select
        'iplos' as kilde,
        aargang,
        enhet_nr,
        antall_vedtak is not null as besvart
    from iplos

),

-- Item response is counted among those who filled in the form: for the survey also the city districts. An answer that
-- could not be used was still an answer.
feltsvar as (

    select
        skjema13.aargang,
        skjema13.enhet_nr,
        skjema13.felt,
        'skjema13' as kilde,
        coalesce(skjema13.symbol_aarsak, 'i_karantene') in ('i_karantene', 'satt_til_side') as besvart
    from skjema13
    inner join enhetssvar
        on
            skjema13.aargang = enhetssvar.aargang
            and skjema13.enhet_nr = enhetssvar.enhet_nr
            and enhetssvar.kilde = 'skjema13'
    where enhetssvar.besvart

    union all

    select
        kmd.aargang,
        kmd.enhet_nr,
        kmd.felt,
        'kmd' as kilde,
        coalesce(kmd.symbol_aarsak, 'i_karantene') in ('i_karantene', 'satt_til_side') as besvart
    from kmd
    inner join kmd_enheter on kmd.aargang = kmd_enheter.aargang and kmd.enhet_nr = kmd_enheter.enhet_nr
    where kmd_enheter.besvart_selv

    union all

    select
        aargang,
        enhet_nr,
        'boligvedtak' as felt,
        'iplos' as kilde,
        antall_boligvedtak > 0 as besvart
    from iplos
    where antall_vedtak is not null

),

samlet as (

    select
        aargang,
        enhet_nr,
        'ENHET' as felt,
        kilde,
        besvart
    from enhetssvar

    union all

    select * from feltsvar

),

final as (

    select
        samlet.kilde,
        samlet.aargang,
        samlet.enhet_nr,
        samlet.felt,
        samlet.besvart,
        coalesce(enheter.stoerrelsesklasse, by_enheter.stoerrelsesklasse, 'ukjent') as stoerrelsesklasse,
        coalesce(enheter.sentralitet, by_enheter.sentralitet, 'ukjent') as sentralitet,
        coalesce(enheter.kostragruppe, by_enheter.kostragruppe, 'ukjent') as kostragruppe,
        enheter.fylke_nr
    from samlet
    inner join enheter on samlet.aargang = enheter.aargang and samlet.enhet_nr = enheter.enhet_nr
    inner join enheter as by_enheter
        on enheter.aargang = by_enheter.aargang and enheter.komm_nr = by_enheter.enhet_nr

)

select * from final
