with metoder as (

    select * from {{ ref('boligmasse_formaal_metode') }}

),

metodevalg as (

    select * from {{ ref('metodevalg') }}
    where figur = 'formaal'

),

symboler as (

    select * from {{ ref('symbol_aarsak') }}
    where symbol_aarsak = 'ingen_metode'

),

-- Only a method that gives all three purposes can be chosen.
kandidater as (

    select
        aargang,
        enhet_nr,
        metode,
        case when max(forbehold) is null then 'uten_forbehold' else 'med_forbehold' end as vilkaar
    from metoder
    group by aargang, enhet_nr, metode
    having count(*) = count(antall)

),

-- The first row of metodevalg whose method and condition the unit meets.
rangert as (

    select
        kandidater.aargang,
        kandidater.enhet_nr,
        kandidater.metode,
        metodevalg.kvalitet,
        row_number() over (
            partition by kandidater.aargang, kandidater.enhet_nr
            order by metodevalg.prioritet
        ) as valg_nr
    from kandidater
    inner join metodevalg
        on
            kandidater.metode = metodevalg.metode
            and kandidater.vilkaar = metodevalg.vilkaar
            and kandidater.aargang >= metodevalg.gyldig_fra
            and kandidater.aargang <= coalesce(metodevalg.gyldig_til, kandidater.aargang)

),

celler as (

    select distinct
        aargang,
        enhet_nr,
        enhet_type,
        komm_nr,
        formaal
    from metoder

),

final as (

    select
        celler.aargang,
        celler.enhet_nr,
        celler.enhet_type,
        celler.komm_nr,
        celler.formaal,
        metoder.antall,
        case when rangert.metode is null then symboler.symbol end as symbol,
        case when rangert.metode is null then symboler.symbol_aarsak end as symbol_aarsak,
        metoder.kilde,
        rangert.metode,
        rangert.kvalitet,
        metoder.forbehold,
        coalesce(metoder.imputert, false) as imputert,
        coalesce(metoder.foreloepig, false) as foreloepig,
        coalesce(metoder.brudd, false) as brudd
    from celler
    cross join symboler
    left join rangert
        on
            celler.aargang = rangert.aargang
            and celler.enhet_nr = rangert.enhet_nr
            and rangert.valg_nr = 1
    left join metoder
        on
            celler.aargang = metoder.aargang
            and celler.enhet_nr = metoder.enhet_nr
            and celler.formaal = metoder.formaal
            and rangert.metode = metoder.metode

)

select
    cast(aargang as integer) as aargang,
    enhet_nr,
    enhet_type,
    komm_nr,
    formaal,
    cast(antall as bigint) as antall,
    symbol,
    symbol_aarsak,
    kilde,
    metode,
    kvalitet,
    forbehold,
    cast(imputert as boolean) as imputert,
    cast(foreloepig as boolean) as foreloepig,
    cast(brudd as boolean) as brudd
from final
