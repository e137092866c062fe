with vedtak as (

    select * from {{ ref('int_iplos__vedtak') }}
    where gyldig_vedtak

),

-- The person's unit is that of the decision that counts; without one, that of its first row.
enheter as (

    select
        aargang,
        komm_nr,
        person,
        enhet_nr,
        row_number() over (
            partition by aargang, komm_nr, person
            order by case when aarsak = 'brukt' then 1 when aapent_3112 then 2 else 3 end, rad_nr
        ) as rekkefoelge
    from vedtak

),

personer as (

    select
        aargang,
        komm_nr,
        person,
        max(case when aapent_3112 then 1 else 0 end) as levert_3112,
        max(case when aapent_3112 and gyldig_id then 1 else 0 end) as levert_3112_gyldig_id,
        max(case when coalesce(doedsdato, telledato) < telledato then 1 else 0 end) as doed_foer_3112,
        max(case when aapent_3112 and aarsak = 'brukt' then 1 else 0 end) as brukt_aapent_3112,
        max(case when aarsak = 'brukt' then 1 else 0 end) as brukt_i_aaret
    from vedtak
    group by aargang, komm_nr, person

),

-- One reason per delivered person, so that the bridge from delivered to used is an exact sum.
final as (

    select
        personer.aargang,
        personer.komm_nr,
        enheter.enhet_nr,
        personer.person,
        personer.levert_3112 = 1 as levert_3112,
        personer.brukt_i_aaret = 1 as brukt_i_aaret,
        case
            when personer.levert_3112 = 0 then 'ikke_levert_3112'
            when personer.levert_3112_gyldig_id = 0 then 'ugyldig_id'
            when personer.doed_foer_3112 = 1 then 'doed_foer_3112'
            when personer.brukt_aapent_3112 = 0 then 'annen_kommune'
            else 'brukt'
        end as bro_aarsak
    from personer
    inner join enheter
        on
            personer.aargang = enheter.aargang
            and personer.komm_nr = enheter.komm_nr
            and personer.person = enheter.person
            and enheter.rekkefoelge = 1

)

select * from final
