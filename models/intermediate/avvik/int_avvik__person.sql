with personer as (

    select * from {{ ref('int_iplos__person') }}
    where levert_3112

),

vedtak as (

    select * from {{ ref('int_iplos__vedtak') }}
    where aapent_3112

),

levert as (

    select * from {{ ref('stg_iplos__vedtak') }}

),

terskler as (

    select
        aargang,
        {{ terskel('bevis_testperson_kommuner', 'aarganger.aargang') }} as testperson_kommuner
    from {{ ref('aargang') }} as aarganger

),

kommuner as (

    select
        aargang,
        person,
        count(*) as antall_kommuner
    from personer
    group by aargang, person

),

brukernumre as (

    select
        vedtak.aargang,
        vedtak.komm_nr,
        vedtak.person,
        levert.bruker_nr,
        levert.foedselsaar
    from vedtak
    inner join levert on vedtak.fil = levert.fil and vedtak.rad_nr = levert.rad_nr
    where levert.bruker_nr is not null

),

-- A user number is one person's in its municipality: the best identified keeps it, the others are that person again.
delt_nummer as (

    select
        personer.aargang,
        personer.komm_nr,
        personer.person,
        row_number() over (
            partition by brukernumre.aargang, brukernumre.komm_nr, brukernumre.bruker_nr, brukernumre.foedselsaar
            order by
                case when personer.bro_aarsak = 'ugyldig_id' then 2 else 1 end asc,
                {{ tegnvis('personer.person') }} asc
        ) as nummer
    from personer
    inner join brukernumre
        on
            personer.aargang = brukernumre.aargang
            and personer.komm_nr = brukernumre.komm_nr
            and personer.person = brukernumre.person

),

gjentatt as (

    select
        aargang,
        komm_nr,
        person
    from delt_nummer
    group by aargang, komm_nr, person
    having min(nummer) > 1

),

-- One trace per person, so that no person explains two parts of a deviation.
final as (

    select
        personer.aargang,
        personer.komm_nr,
        personer.enhet_nr,
        personer.person,
        case
            when kommuner.antall_kommuner >= terskler.testperson_kommuner then 'person_i_flere_kommuner'
            when gjentatt.person is not null then 'samme_brukernummer'
            when personer.bro_aarsak = 'ugyldig_id' then 'uten_gyldig_id'
            when personer.bro_aarsak = 'doed_foer_3112' then 'doed_med_aapent_vedtak'
            when personer.bro_aarsak = 'annen_kommune' then 'telt_i_annen_kommune'
        end as bevis
    from personer
    inner join kommuner on personer.aargang = kommuner.aargang and personer.person = kommuner.person
    inner join terskler on personer.aargang = terskler.aargang
    left join gjentatt
        on
            personer.aargang = gjentatt.aargang
            and personer.komm_nr = gjentatt.komm_nr
            and personer.person = gjentatt.person

)

select * from final
where bevis is not null
