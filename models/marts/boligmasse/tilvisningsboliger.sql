with disposisjon as (

    select * from {{ ref('boligmasse_disposisjon') }}

),

-- The difference of the minutes of 20.06.2018 (item 1); an upper bound, since it also holds dwellings under tildeling
-- and ordinary framework leases.
final as (

    select
        beregnet.aargang,
        beregnet.enhet_nr,
        beregnet.enhet_type,
        beregnet.komm_nr,
        privat.antall as privat_eid_disposisjonsrett,
        brukereid.antall as brukereid,
        beregnet.antall,
        beregnet.symbol,
        beregnet.symbol_aarsak,
        beregnet.kilde,
        case when beregnet.antall is not null then 'differanse' end as metode,
        beregnet.forbehold,
        beregnet.imputert,
        beregnet.foreloepig
    from disposisjon as beregnet
    inner join disposisjon as privat
        on
            beregnet.aargang = privat.aargang
            and beregnet.enhet_nr = privat.enhet_nr
            and privat.disposisjonsform = 'privat_eid_disposisjonsrett'
    inner join disposisjon as brukereid
        on
            beregnet.aargang = brukereid.aargang
            and beregnet.enhet_nr = brukereid.enhet_nr
            and brukereid.disposisjonsform = 'brukereid'
    where beregnet.disposisjonsform = 'privat_utleid'

)

select
    cast(aargang as integer) as aargang,
    enhet_nr,
    enhet_type,
    komm_nr,
    cast(privat_eid_disposisjonsrett as bigint) as privat_eid_disposisjonsrett,
    cast(brukereid as bigint) as brukereid,
    cast(antall as bigint) as antall,
    symbol,
    symbol_aarsak,
    kilde,
    metode,
    forbehold,
    cast(imputert as boolean) as imputert,
    cast(foreloepig as boolean) as foreloepig
from final
