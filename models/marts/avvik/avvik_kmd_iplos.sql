with
{{ avvik(
    a=['kmd_boliger', 'kmd', 'omsorgsboliger'],
    b=['iplos_personer_levert', 'iplos', 'iplos_personer_levert']
) }},

beboere as (

    select * from {{ ref('int_iplos__beboere') }}

),

kmd_enheter as (

    select * from {{ ref('int_kmd__enhet') }}

),

oppfolging as (

    select * from {{ ref('oppfolging') }}

),

aarsaker as (

    select * from {{ ref('taksonomi_avvik') }}

),

bevis as (

    select * from {{ ref('int_avvik__bevis') }}

),

terskler_bro as (

    select
        aargang,
        {{ terskel('bro_forklarer_prosent', 'undersoekelser.aargang') }} as prosent
    from {{ ref('aargang') }} as undersoekelser

),

-- City districts are parts of a municipality, so only municipalities add to the national deviation.
land as (

    select
        aargang,
        sum(abs(avvik)) as absolutt_avvik
    from avvik
    where enhet_type = 'kommune'
    group by aargang

),

rangert as (

    select
        aargang,
        enhet_nr,
        row_number() over (
            partition by aargang, enhet_type
            order by abs(avvik) desc nulls last, {{ tegnvis('enhet_nr') }} asc
        ) as rang
    from avvik
    where avvik is not null

),

forklart as (

    select
        aargang,
        enhet_nr,
        sum(forklart) as forklart,
        sum(case when er_aarsak then forklart end) as forklart_av_aarsaker,
        max(case when rang = 1 then aarsak_kode end) as foerste_aarsak,
        {{ tekstliste(
            "case when forklart <> 0 then aarsak_kode || ': ' || cast(abs(forklart) as varchar(20)) end", '; '
        ) }} as bevis
    from bevis
    group by aargang, enhet_nr

),

-- The probable cause is the one whose traces explain most, where the causes found explain enough of it together; what
-- leaves no trace stays unexplained.
begrunnet as (

    select
        avvik.*,
        case
            when avvik.avvik is null then null
            when land.absolutt_avvik = 0 then 0
            else {{ andel('abs(avvik.avvik)', 'land.absolutt_avvik') }}
        end as andel_av_landet,
        rangert.rang,
        beboere.personer as iplos_personer,
        beboere.bro_ugyldig_id,
        beboere.bro_doed_foer_3112,
        beboere.bro_annen_kommune,
        case when avvik.avvik is not null then coalesce(forklart.forklart, 0) end as forklart,
        avvik.avvik - coalesce(forklart.forklart, 0) as uforklart,
        forklart.bevis,
        coalesce(kmd_enheter.svar_usikkert, false) as kmd_svar_usikkert,
        case
            when avvik.stort_avvik is not true then null
            when 100 * abs(forklart.forklart_av_aarsaker) >= terskler_bro.prosent * abs(avvik.avvik)
                then forklart.foerste_aarsak
            else 'U'
        end as sannsynlig_aarsak
    from avvik
    inner join terskler_bro on avvik.aargang = terskler_bro.aargang
    left join land on avvik.aargang = land.aargang
    left join rangert on avvik.aargang = rangert.aargang and avvik.enhet_nr = rangert.enhet_nr
    left join forklart on avvik.aargang = forklart.aargang and avvik.enhet_nr = forklart.enhet_nr
    left join beboere on avvik.aargang = beboere.aargang and avvik.enhet_nr = beboere.enhet_nr
    left join kmd_enheter on avvik.aargang = kmd_enheter.aargang and avvik.enhet_nr = kmd_enheter.enhet_nr

),

-- The measure decided at the meeting for every unit with a large deviation; a unit's own row goes before it.
fulgt_opp as (

    select
        begrunnet.*,
        aarsaker.navn_nb as sannsynlig_aarsak_navn,
        coalesce(egen.status, felles.status) as oppfolging_status,
        coalesce(egen.ansvarlig, felles.ansvarlig) as oppfolging_ansvarlig,
        coalesce(egen.frist, felles.frist) as oppfolging_frist,
        egen.aarsak_bekreftet
    from begrunnet
    left join aarsaker on begrunnet.sannsynlig_aarsak = aarsaker.aarsak_kode
    left join oppfolging as egen
        on begrunnet.aargang = egen.aargang and begrunnet.enhet_nr = egen.enhet_nr
    left join oppfolging as felles
        on begrunnet.aargang = felles.aargang and felles.gjelder = 'stort_avvik' and begrunnet.stort_avvik

)

select
    cast(aargang as integer) as aargang,
    enhet_nr,
    enhet_type,
    komm_nr,
    enhet_navn,
    cast(kmd_boliger as bigint) as kmd_boliger,
    kmd_boliger_symbol,
    cast(iplos_personer_levert as bigint) as iplos_personer_levert,
    iplos_personer_levert_symbol,
    cast(avvik as bigint) as avvik,
    avvik_symbol,
    cast(avvik_relativ as numeric(18, 6)) as avvik_relativ,
    cast(stort_avvik as boolean) as stort_avvik,
    avviksklasse,
    cast(andel_av_landet as numeric(18, 6)) as andel_av_landet,
    cast(rang as integer) as rang,
    cast(bro_ugyldig_id as bigint) as bro_ugyldig_id,
    cast(bro_doed_foer_3112 as bigint) as bro_doed_foer_3112,
    cast(bro_annen_kommune as bigint) as bro_annen_kommune,
    cast(iplos_personer as bigint) as iplos_personer,
    kmd_svar_usikkert,
    cast(forklart as bigint) as forklart,
    cast(uforklart as bigint) as uforklart,
    bevis,
    sannsynlig_aarsak,
    sannsynlig_aarsak_navn,
    aarsak_bekreftet,
    oppfolging_status,
    oppfolging_ansvarlig,
    cast(oppfolging_frist as date) as oppfolging_frist
from fulgt_opp
