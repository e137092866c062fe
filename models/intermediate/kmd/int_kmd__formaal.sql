with grupper as (

    select * from {{ ref('int_kmd__gruppe') }}

),

formaal as (

    select formaal from {{ ref('formaal') }}

),

svar as (

    select * from {{ ref('boligmasse_formaal_metode') }}
    where metode = 'kmd'

),

-- Only a whole answer can be split: all the purposes, or none of them.
summer as (

    select
        aargang,
        enhet_nr,
        sum(antall) as boliger_i_alt
    from svar
    group by aargang, enhet_nr
    having count(antall) = count(*)

),

final as (

    select
        grupper.aargang,
        grupper.enhet_nr,
        grupper.gruppetype,
        grupper.gruppe,
        formaal.formaal,
        grupper.folketall,
        cast(case when summer.enhet_nr is not null then svar.antall end as bigint) as antall,
        cast(summer.boliger_i_alt as bigint) as boliger_i_alt
    from grupper
    cross join formaal
    left join svar
        on
            grupper.aargang = svar.aargang
            and grupper.enhet_nr = svar.enhet_nr
            and formaal.formaal = svar.formaal
    left join summer on grupper.aargang = summer.aargang and grupper.enhet_nr = summer.enhet_nr

)

select * from final
