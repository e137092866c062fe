{#- The units whose deviation from the survey counts in the gate: a city itself where it can be compared, else its
    districts. -#}
with avvik as (

    select
        aargang,
        enhet_nr,
        enhet_type,
        komm_nr,
        kmd_boliger,
        avvik,
        stort_avvik
    from {{ ref('avvik_kmd_iplos') }}
    where avvik is not null

),

oppfolging as (

    select * from {{ ref('oppfolging') }}
    where aarsak_bekreftet is not null

),

aarsaker as (

    select * from {{ ref('taksonomi_avvik') }}

),

-- R043: only a cause confirmed in the follow-up, and one that explains or can be avoided, is a review (minutes
-- 20.06.2018, item 3). A cause confirmed while nobody has answered is no answer; of several, all must count.
bekreftet as (

    select
        oppfolging.aargang,
        oppfolging.enhet_nr,
        min(
            case
                when
                    oppfolging.status in ('besvart', 'avsluttet')
                    and aarsaker.gjennomgang in ('forklart', 'unngaas')
                    then 1
                else 0
            end
        ) as avklart
    from oppfolging
    left join aarsaker on oppfolging.aarsak_bekreftet = aarsaker.aarsak_kode
    group by oppfolging.aargang, oppfolging.enhet_nr

),

final as (

    select
        avvik.aargang,
        avvik.enhet_nr,
        avvik.enhet_type,
        avvik.komm_nr,
        avvik.kmd_boliger,
        avvik.avvik,
        avvik.stort_avvik,
        (bekreftet.avklart = 1) is true as avklart,
        avvik.stort_avvik and (bekreftet.avklart = 1) is not true as uavklart
    from avvik
    left join avvik as byen
        on avvik.aargang = byen.aargang and avvik.komm_nr = byen.enhet_nr and avvik.enhet_type = 'bydel'
    left join bekreftet on avvik.aargang = bekreftet.aargang and avvik.enhet_nr = bekreftet.enhet_nr
    where byen.enhet_nr is null

)

select * from final
