{%- set kriterier = [
    'dekning_kommuner', 'dekning_folketall', 'dekning_beholdning', 'gjentatt_levering', 'falt_til_null_enheter',
    'falt_til_null_folketall', 'manglende_store', 'kodeskifte', 'gammel_kode', 'store_avvik_enheter',
    'store_avvik_boliger', 'avvik_land'
] -%}

with aarganger as (

    select
        aargang,
        {{ terskel('iplos_stor_kommune_innbyggere', 'registeraar.aargang') }} as stor_kommune,
        {{ terskel('iplos_uten_endring_personer', 'registeraar.aargang') }} as personer_uten_endring
    from {{ ref('aargang') }} as registeraar
    where iplos = 'ja'

),

enheter as (

    select * from {{ ref('int_region__enhet_aar') }}
    where enhet_type = 'kommune'

),

beboere as (

    select * from {{ ref('int_iplos__beboere') }}

),

beholdning as (

    select * from {{ ref('int_boligmasse__beholdning') }}

),

endringer as (

    select * from {{ ref('int_kontroll__vedtak_maal') }}
    where felt = 'vedtak_med_endring'

),

vedtak as (

    select * from {{ ref('int_iplos__vedtak') }}
    where gyldig_vedtak

),

koder as (

    select * from {{ ref('iplos_tjenestetype') }}
    where tjenestegruppe = 'bolig'

),

gjennomgang as (

    select * from {{ ref('int_iplos__gjennomgang') }}

),

-- The municipalities that use a code after the last year it holds.
utgaatt_kode as (

    select distinct
        vedtak.aargang,
        vedtak.komm_nr
    from vedtak
    inner join koder on vedtak.tjenestetype = koder.kode
    where vedtak.aargang > koder.gyldig_til

),

kommuner as (

    select
        aarganger.aargang,
        enheter.enhet_nr,
        enheter.folketall,
        beholdning.boliger_i_alt,
        case when beboere.antall_vedtak is not null then 1 else 0 end as levert,
        case when enheter.folketall >= aarganger.stor_kommune then 1 else 0 end as stor,
        case
            when endringer.antall = 0 and beboere.personer_levert >= aarganger.personer_uten_endring then 1 else 0
        end as gjentatt,
        -- Nobody, where there was somebody the year before, or where there are dwellings: the decisions are gone.
        case
            when
                beboere.personer_levert = 0
                and (foer.personer_levert > 0 or beholdning.boliger_i_alt > 0)
                then 1
            else 0
        end as paa_null,
        case when utgaatt_kode.komm_nr is not null then 1 else 0 end as utgaatt
    from aarganger
    inner join enheter on aarganger.aargang = enheter.aargang
    left join beboere on enheter.aargang = beboere.aargang and enheter.enhet_nr = beboere.enhet_nr
    left join beboere as foer
        on enheter.aargang - 1 = foer.aargang and enheter.forrige_enhet_nr = foer.enhet_nr
    left join beholdning on enheter.aargang = beholdning.aargang and enheter.enhet_nr = beholdning.enhet_nr
    left join endringer on enheter.aargang = endringer.aargang and enheter.enhet_nr = endringer.enhet_nr
    left join utgaatt_kode
        on enheter.aargang = utgaatt_kode.aargang and enheter.enhet_nr = utgaatt_kode.komm_nr

),

landet as (

    select
        aargang,
        count(*) as kommuner,
        sum(levert) as levert,
        sum(folketall) as folketall,
        sum(levert * folketall) as folketall_levert,
        sum(boliger_i_alt) as boliger,
        sum(levert * boliger_i_alt) as boliger_levert,
        sum(gjentatt) as gjentatt,
        sum(paa_null) as paa_null,
        sum(paa_null * folketall) as folketall_paa_null,
        sum(stor) as store,
        sum(case when stor = 1 and (levert = 0 or paa_null = 1) then 1 else 0 end) as store_mangler,
        sum(utgaatt) as utgaatt
    from kommuner
    group by aargang

),

kodene as (

    select
        aarganger.aargang,
        sum(
            case
                when
                    aarganger.aargang >= coalesce(koder.gyldig_fra, aarganger.aargang)
                    and aarganger.aargang - 1 <= coalesce(koder.gyldig_til, aarganger.aargang)
                    then 1
                else 0
            end
        ) as koder,
        sum(
            case
                when koder.gyldig_fra = aarganger.aargang or koder.gyldig_til = aarganger.aargang - 1 then 1 else 0
            end
        ) as skiftet
    from aarganger
    cross join koder
    group by aarganger.aargang

),

-- No row for a year without a survey: what is not there cannot be judged.
avvikene as (

    select
        aargang,
        count(*) as enheter,
        sum(case when uavklart then 1 else 0 end) as uavklart,
        sum(kmd_boliger) as boliger,
        sum(case when uavklart then abs(avvik) else 0 end) as boliger_uavklart,
        abs(sum(avvik)) as avvik_land
    from gjennomgang
    group by aargang

),

aar as (

    select
        landet.aargang,
        landet.levert as dekning_kommuner_teller,
        landet.kommuner as dekning_kommuner_nevner,
        landet.folketall_levert as dekning_folketall_teller,
        landet.folketall as dekning_folketall_nevner,
        landet.boliger_levert as dekning_beholdning_teller,
        landet.boliger as dekning_beholdning_nevner,
        landet.gjentatt as gjentatt_levering_teller,
        landet.levert as gjentatt_levering_nevner,
        landet.paa_null as falt_til_null_enheter_teller,
        landet.levert as falt_til_null_enheter_nevner,
        landet.folketall_paa_null as falt_til_null_folketall_teller,
        landet.folketall as falt_til_null_folketall_nevner,
        landet.store_mangler as manglende_store_teller,
        landet.store as manglende_store_nevner,
        kodene.skiftet as kodeskifte_teller,
        kodene.koder as kodeskifte_nevner,
        landet.utgaatt as gammel_kode_teller,
        landet.levert as gammel_kode_nevner,
        avvikene.uavklart as store_avvik_enheter_teller,
        avvikene.enheter as store_avvik_enheter_nevner,
        avvikene.boliger_uavklart as store_avvik_boliger_teller,
        avvikene.boliger as store_avvik_boliger_nevner,
        avvikene.avvik_land as avvik_land_teller,
        avvikene.boliger as avvik_land_nevner
    from landet
    inner join kodene on landet.aargang = kodene.aargang
    left join avvikene on landet.aargang = avvikene.aargang

),

final as (

    {%- for kriterium in kriterier %}

    select
        aargang,
        '{{ kriterium }}' as kriterium,
        cast({{ kriterium }}_teller as bigint) as teller,
        cast({{ kriterium }}_nevner as bigint) as nevner
    from aar

    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

)

select * from final
