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

terskler_bro as (

    select
        aargang,
        {{ terskel('bro_forklarer_prosent', 'undersoekelser.aargang') }} as prosent
    from {{ ref('aargang') }} as undersoekelser

),

-- The probable cause is what the record itself shows; what leaves no trace stays unexplained.
begrunnet as (

    select
        avvik.*,
        beboere.personer as iplos_personer,
        beboere.bro_ugyldig_id,
        beboere.bro_doed_foer_3112,
        beboere.bro_annen_kommune,
        coalesce(kmd_enheter.svar_usikkert, false) as kmd_svar_usikkert,
        case
            when avvik.stort_avvik is not true then null
            when
                avvik.avvik < 0
                and 100 * beboere.bro_doed_foer_3112 >= terskler_bro.prosent * abs(avvik.avvik)
                then 'E1'
            when
                avvik.avvik < 0
                and 100 * beboere.bro_ugyldig_id >= terskler_bro.prosent * abs(avvik.avvik)
                then 'F2'
            when
                avvik.avvik < 0
                and 100 * beboere.bro_annen_kommune >= terskler_bro.prosent * abs(avvik.avvik)
                then 'F4'
            when avvik.avvik > 0 and beboere.antall_boligvedtak = 0 then 'D1'
            when
                avvik.avvik > 0
                and avvik.enhet_type = 'kommune'
                and 100 * beboere.vedtak_uten_dato >= terskler_bro.prosent * avvik.avvik
                then 'E2'
            else 'U'
        end as sannsynlig_aarsak
    from avvik
    inner join terskler_bro on avvik.aargang = terskler_bro.aargang
    left join beboere on avvik.aargang = beboere.aargang and avvik.enhet_nr = beboere.enhet_nr
    left join kmd_enheter on avvik.aargang = kmd_enheter.aargang and avvik.enhet_nr = kmd_enheter.enhet_nr

),

-- The follow-up decided at the meeting is a row without unit: it holds for every unit with a large deviation.
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
        on begrunnet.aargang = felles.aargang and felles.enhet_nr is null and begrunnet.stort_avvik

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
    cast(bro_ugyldig_id as bigint) as bro_ugyldig_id,
    cast(bro_doed_foer_3112 as bigint) as bro_doed_foer_3112,
    cast(bro_annen_kommune as bigint) as bro_annen_kommune,
    cast(iplos_personer as bigint) as iplos_personer,
    kmd_svar_usikkert,
    sannsynlig_aarsak,
    sannsynlig_aarsak_navn,
    aarsak_bekreftet,
    oppfolging_status,
    oppfolging_ansvarlig,
    cast(oppfolging_frist as date) as oppfolging_frist
from fulgt_opp
