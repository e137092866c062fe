with avvik as (

    select * from {{ ref('avvik_kmd_iplos') }}

),

bevis as (

    select * from {{ ref('int_avvik__bevis') }}

),

aarsaker as (

    select * from {{ ref('taksonomi_avvik') }}

),

undersoekelser as (

    select * from {{ ref('aargang') }}
    where kmd = 'ja'

),

-- City districts are parts of a municipality, so only municipalities count.
kommuner as (

    select * from avvik
    where enhet_type = 'kommune'

),

land as (

    select
        aargang,
        sum(case when stort_avvik then abs(avvik) end) as stort_avvik
    from kommuner
    group by aargang

),

forklart as (

    select
        bevis.aargang,
        bevis.aarsak_kode,
        count(case when bevis.er_aarsak then 1 end) as enheter,
        sum(case when kommuner.stort_avvik then greatest(bevis.forklart, 0) end) as forklart_pluss,
        sum(case when kommuner.stort_avvik then greatest(-bevis.forklart, 0) end) as forklart_minus,
        count(case when not bevis.er_aarsak then 1 end) as enheter_bare_spor
    from bevis
    inner join kommuner on bevis.aargang = kommuner.aargang and bevis.enhet_nr = kommuner.enhet_nr
    group by bevis.aargang, bevis.aarsak_kode

    union all

    -- What no trace explains stands as unexplained.
    select
        aargang,
        'U' as aarsak_kode,
        count(case when sannsynlig_aarsak = 'U' then 1 end) as enheter,
        sum(greatest(uforklart, 0)) as forklart_pluss,
        sum(greatest(-uforklart, 0)) as forklart_minus,
        0 as enheter_bare_spor
    from kommuner
    where stort_avvik
    group by aargang

),

hovedaarsak as (

    select
        aargang,
        sannsynlig_aarsak as aarsak_kode,
        count(*) as enheter
    from kommuner
    group by aargang, sannsynlig_aarsak

),

bekreftet as (

    select
        aargang,
        aarsak_bekreftet as aarsak_kode,
        count(*) as enheter,
        sum(abs(avvik)) as avvik
    from kommuner
    where stort_avvik
    group by aargang, aarsak_bekreftet

),

samlet as (

    select
        undersoekelser.aargang,
        aarsaker.aarsak_kode,
        aarsaker.gruppe,
        aarsaker.navn_nb,
        aarsaker.navn_en,
        aarsaker.etterlater_spor,
        coalesce(forklart.enheter, 0) as enheter,
        coalesce(hovedaarsak.enheter, 0) as enheter_hovedaarsak,
        coalesce(forklart.forklart_pluss, 0) as forklart_pluss,
        coalesce(forklart.forklart_minus, 0) as forklart_minus,
        coalesce(forklart.forklart_pluss, 0) + coalesce(forklart.forklart_minus, 0) as forklart,
        land.stort_avvik,
        coalesce(forklart.enheter_bare_spor, 0) as enheter_bare_spor,
        coalesce(bekreftet.enheter, 0) as enheter_bekreftet,
        coalesce(bekreftet.avvik, 0) as avvik_bekreftet
    from undersoekelser
    cross join aarsaker
    left join land on undersoekelser.aargang = land.aargang
    left join forklart
        on undersoekelser.aargang = forklart.aargang and aarsaker.aarsak_kode = forklart.aarsak_kode
    left join hovedaarsak
        on undersoekelser.aargang = hovedaarsak.aargang and aarsaker.aarsak_kode = hovedaarsak.aarsak_kode
    left join bekreftet
        on undersoekelser.aargang = bekreftet.aargang and aarsaker.aarsak_kode = bekreftet.aarsak_kode

),

final as (

    select
        *,
        {{ andel('forklart', 'stort_avvik') }} as andel
    from samlet

)

select
    cast(aargang as integer) as aargang,
    aarsak_kode,
    gruppe,
    navn_nb,
    navn_en,
    etterlater_spor = 'ja' as etterlater_spor,
    cast(enheter as bigint) as enheter,
    cast(enheter_hovedaarsak as bigint) as enheter_hovedaarsak,
    cast(forklart_pluss as bigint) as forklart_pluss,
    cast(forklart_minus as bigint) as forklart_minus,
    cast(forklart as bigint) as forklart,
    cast(andel as numeric(18, 6)) as andel_av_stort_avvik,
    case when andel is null then '..' end as andel_symbol,
    cast(enheter_bare_spor as bigint) as enheter_bare_spor,
    cast(enheter_bekreftet as bigint) as enheter_bekreftet,
    cast(avvik_bekreftet as bigint) as avvik_bekreftet
from final
