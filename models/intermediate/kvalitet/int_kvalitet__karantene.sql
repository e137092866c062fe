with skjema13 as (

    select * from {{ ref('int_skjema13__svar') }}
    where status = 'karantene'

),

kmd as (

    select * from {{ ref('int_kmd__svar') }}
    where status = 'karantene'

),

husbanken as (

    select * from {{ ref('int_husbanken__svar') }}
    where status = 'karantene'

),

iplos as (

    select * from {{ ref('int_iplos__vedtak') }}
    where status = 'karantene'

),

-- The field that is at fault.
iplos_felt as (

    select
        *,
        case
            when aarsak = 'ukjent_enhet' then 'komm_nr'
            when aarsak = 'ukjent_tjenestetype' then 'tjenestetype'
            when aarsak = 'ugyldig_id' then 'id_type'
            when aarsak = 'testperson' then 'person_id'
            when aarsak = 'ugyldig_dato' and startdato is not null and sluttdato is null and sluttdato_tekst is not null
                then 'sluttdato'
            when aarsak = 'ugyldig_dato' and startdato is not null then 'doedsdato'
            else 'startdato'
        end as felt
    from iplos

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

    select
        'husbanken' as kilde,
        fil,
        rad_nr,
        aargang,
        enhet_nr,
        felt,
        verdi,
        aarsak
    from husbanken

    union all

    -- No person identifier here: file and row lead back to the decision.
    select
        'iplos' as kilde,
        fil,
        rad_nr,
        aargang,
        enhet_nr,
        felt,
        case felt
            when 'komm_nr' then komm_nr
            when 'tjenestetype' then tjenestetype
            when 'id_type' then id_type
            when 'startdato' then startdato_tekst
            when 'sluttdato' then sluttdato_tekst
            when 'doedsdato' then doedsdato_tekst
        end as verdi,
        aarsak
    from iplos_felt

)

select * from final
