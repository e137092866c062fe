with svar as (

    select * from {{ ref('int_kmd__svar') }}
    where aarsak in ('brukt', 'blank')

),

enheter as (

    select
        enhet_aar.aargang,
        enhet_aar.enhet_nr,
        enhet_aar.enhet_type,
        enhet_aar.komm_nr
    from {{ ref('int_region__enhet_aar') }} as enhet_aar
    inner join {{ ref('aargang') }} as aarganger
        on enhet_aar.aargang = aarganger.aargang and aarganger.kmd = 'ja'
    where enhet_aar.rapporterer = 'ja'

),

egne as (

    select
        enheter.aargang,
        enheter.enhet_nr,
        enheter.enhet_type,
        enheter.komm_nr,
        max(case when svar.felt = 'besvart' and {{ er_ja('svar.verdi') }} then 1 else 0 end) as besvart,
        max(case when svar.felt = 'svar_usikkert' and {{ er_ja('svar.verdi') }} then 1 else 0 end) as usikkert
    from enheter
    left join svar on enheter.aargang = svar.aargang and enheter.enhet_nr = svar.enhet_nr
    group by enheter.aargang, enheter.enhet_nr, enheter.enhet_type, enheter.komm_nr

),

bydeler as (

    select
        aargang,
        komm_nr,
        min(besvart) as besvart,
        max(usikkert) as usikkert
    from egne
    where enhet_type = 'bydel'
    group by aargang, komm_nr

),

-- A city has answered when it did so itself or when all its districts did.
final as (

    select
        egne.aargang,
        egne.enhet_nr,
        egne.enhet_type,
        egne.komm_nr,
        egne.besvart = 1 as besvart_selv,
        greatest(egne.besvart, coalesce(bydeler.besvart, 0)) = 1 as besvart,
        greatest(egne.usikkert, coalesce(bydeler.usikkert, 0)) = 1 as svar_usikkert
    from egne
    left join bydeler
        on
            egne.enhet_type = 'kommune'
            and egne.besvart = 0
            and egne.aargang = bydeler.aargang
            and egne.komm_nr = bydeler.komm_nr

)

select * from final
