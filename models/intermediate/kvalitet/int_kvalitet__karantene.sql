with skjema13 as (

    select * from {{ ref('int_skjema13__svar') }}
    where status = 'karantene'

),

kmd as (

    select * from {{ ref('int_kmd__svar') }}
    where status = 'karantene'

),

iplos as (

    select * from {{ ref('int_iplos__vedtak') }}
    where status = 'karantene'

),

final as (

    select
        'skjema13' as kilde,
        fil,
        rad_nr,
        aargang,
        enhet_nr,
        felt,
        verdi,
        aarsak
    from skjema13

    union all

    select
        'kmd' as kilde,
        fil,
        rad_nr,
        aargang,
        enhet_nr,
        felt,
        verdi,
        aarsak
    from kmd

    union all

    -- No person identifier here: file and row lead back to the decision.
    select
        'iplos' as kilde,
        fil,
        rad_nr,
        aargang,
        enhet_nr,
        'vedtak' as felt,
        case when aarsak = 'ugyldig_dato' then startdato_tekst else tjenestetype end as verdi,
        aarsak
    from iplos

)

select * from final
