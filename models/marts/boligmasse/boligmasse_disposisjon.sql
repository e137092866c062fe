with verdier as (

    select * from {{ ref('int_skjema13__verdi') }}

),

former as (

    select * from {{ ref('disposisjonsform') }}

),

beholdning as (

    select * from {{ ref('int_boligmasse__beholdning') }}

),

gjeldende as (

    select * from {{ ref('int_leveranse__gjeldende') }}
    where kilde = 'skjema13'

),

metodevalg as (

    select * from {{ ref('metodevalg') }}
    where figur = 'beholdning'

),

symboler as (

    select * from {{ ref('symbol_aarsak') }}

),

oppgitt as (

    select
        verdier.aargang,
        verdier.enhet_nr,
        verdier.enhet_type,
        verdier.komm_nr,
        former.disposisjonsform,
        former.er_herav,
        verdier.antall,
        verdier.symbol_aarsak
    from verdier
    inner join former on verdier.felt = former.felt

),

-- The only form that is not asked: privately owned with disposal right less user-owned (question 42 of 2017).
beregnet as (

    select
        privat.aargang,
        privat.enhet_nr,
        privat.enhet_type,
        privat.komm_nr,
        'privat_utleid' as disposisjonsform,
        'ja' as er_herav,
        privat.antall - brukereid.antall as antall,
        coalesce(privat.symbol_aarsak, brukereid.symbol_aarsak) as symbol_aarsak
    from oppgitt as privat
    inner join oppgitt as brukereid
        on
            privat.aargang = brukereid.aargang
            and privat.enhet_nr = brukereid.enhet_nr
            and brukereid.disposisjonsform = 'brukereid'
    where privat.disposisjonsform = 'privat_eid_disposisjonsrett'

),

samlet as (

    select * from oppgitt
    union all
    select * from beregnet

),

final as (

    select
        samlet.aargang,
        samlet.enhet_nr,
        samlet.enhet_type,
        samlet.komm_nr,
        samlet.disposisjonsform,
        samlet.er_herav = 'ja' as er_herav,
        samlet.antall,
        symboler.symbol,
        samlet.symbol_aarsak,
        'skjema13' as kilde,
        case when samlet.antall is not null then beholdning.metode end as metode,
        case when samlet.antall is not null then metodevalg.kvalitet end as kvalitet,
        case when samlet.antall < 0 then 'negativ' else beholdning.forbehold end as forbehold,
        gjeldende.leveranse,
        coalesce(gjeldende.foreloepig, false) as foreloepig
    from samlet
    inner join beholdning on samlet.aargang = beholdning.aargang and samlet.enhet_nr = beholdning.enhet_nr
    left join metodevalg
        on
            beholdning.metode = metodevalg.metode
            and samlet.aargang >= metodevalg.gyldig_fra
            and samlet.aargang <= coalesce(metodevalg.gyldig_til, samlet.aargang)
    left join gjeldende on samlet.aargang = gjeldende.aargang
    left join symboler on samlet.symbol_aarsak = symboler.symbol_aarsak

)

select
    cast(aargang as integer) as aargang,
    enhet_nr,
    enhet_type,
    komm_nr,
    disposisjonsform,
    cast(er_herav as boolean) as er_herav,
    cast(antall as bigint) as antall,
    symbol,
    symbol_aarsak,
    kilde,
    metode,
    kvalitet,
    forbehold,
    cast(leveranse as date) as leveranse,
    cast(foreloepig as boolean) as foreloepig
from final
