with verdier as (

    select * from {{ ref('int_skjema13__verdi') }}

),

former as (

    select * from {{ ref('disposisjonsform') }}

),

beholdning as (

    select * from {{ ref('int_imputering__beholdning') }}

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

imputert as (

    select * from {{ ref('imputerte_tall') }}
    where kilde = 'skjema13'

),

oppgitt as (

    select
        verdier.aargang,
        verdier.enhet_nr,
        verdier.enhet_type,
        verdier.komm_nr,
        former.disposisjonsform,
        former.er_herav,
        coalesce(verdier.antall, imputert.antall) as antall,
        case when imputert.antall is null then verdier.symbol_aarsak end as symbol_aarsak,
        imputert.metode as imputert_metode
    from verdier
    inner join former on verdier.felt = former.felt
    left join imputert
        on
            verdier.aargang = imputert.aargang
            and verdier.enhet_nr = imputert.enhet_nr
            and verdier.felt = imputert.maal

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
        coalesce(privat.symbol_aarsak, brukereid.symbol_aarsak) as symbol_aarsak,
        coalesce(privat.imputert_metode, brukereid.imputert_metode) as imputert_metode
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

-- A form can be known where the stock is not: the other forms and the entered total are missing.
vurdert as (

    select
        samlet.*,
        coalesce(samlet.imputert_metode, beholdning.metode, 'enkeltsvar') as metode,
        case
            when samlet.antall < 0 then 'negativ'
            when samlet.imputert_metode is not null then 'imputert'
            when beholdning.metode is null then 'ufullstendig'
            else beholdning.forbehold
        end as forbehold
    from samlet
    inner join beholdning on samlet.aargang = beholdning.aargang and samlet.enhet_nr = beholdning.enhet_nr

),

final as (

    select
        vurdert.aargang,
        vurdert.enhet_nr,
        vurdert.enhet_type,
        vurdert.komm_nr,
        vurdert.disposisjonsform,
        vurdert.er_herav = 'ja' as er_herav,
        vurdert.antall,
        symboler.symbol,
        vurdert.symbol_aarsak,
        'skjema13' as kilde,
        case when vurdert.antall is not null then vurdert.metode end as metode,
        case when vurdert.antall is not null then metodevalg.kvalitet end as kvalitet,
        vurdert.forbehold,
        vurdert.imputert_metode is not null as imputert,
        gjeldende.leveranse,
        coalesce(gjeldende.foreloepig, false) as foreloepig
    from vurdert
    left join metodevalg
        on
            vurdert.metode = metodevalg.metode
            and case when vurdert.forbehold is null then 'uten_forbehold' else 'med_forbehold' end = metodevalg.vilkaar
            and vurdert.aargang >= metodevalg.gyldig_fra
            and vurdert.aargang <= coalesce(metodevalg.gyldig_til, vurdert.aargang)
    left join gjeldende on vurdert.aargang = gjeldende.aargang
    left join symboler on vurdert.symbol_aarsak = symboler.symbol_aarsak

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
    cast(imputert as boolean) as imputert,
    cast(leveranse as date) as leveranse,
    cast(foreloepig as boolean) as foreloepig
from final
