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

kommuner as (

    select
        aargang,
        enhet_nr
    from avvik
    where enhet_type = 'kommune'

),

oppfolging as (

    select * from {{ ref('oppfolging') }}
    where enhet_nr is not null and aarsak_bekreftet is not null

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
        coalesce(bekreftet.avklart, 0) = 1 as avklart,
        avvik.stort_avvik and coalesce(bekreftet.avklart, 0) = 0 as uavklart
    from avvik
    left join kommuner
        on avvik.aargang = kommuner.aargang and avvik.komm_nr = kommuner.enhet_nr and avvik.enhet_type = 'bydel'
    left join bekreftet on avvik.aargang = bekreftet.aargang and avvik.enhet_nr = bekreftet.enhet_nr
    where kommuner.enhet_nr is null

)

select * from final
