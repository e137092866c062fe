with personer as (

    select * from {{ ref('int_iplos__person') }}
    where levert_3112

),

vedtak as (

    select * from {{ ref('int_iplos__vedtak') }}
    where tjenestegruppe = 'bolig' and aarsak <> 'erstattet_av_nyere_leveranse'

),

komponenter as (

    select * from {{ ref('int_region__komponent') }}

),

-- The municipality of this year that holds the area; where the area was divided there is none.
etterfoelgere as (

    select
        naa.aargang + 1 as aargang,
        naa.komm_nr as fra_komm_nr,
        max(neste.komm_nr) as til_komm_nr
    from komponenter as naa
    inner join komponenter as neste
        on naa.aargang = neste.aargang and naa.komponent = neste.komponent and neste.side = 'neste'
    where naa.side = 'naa'
    group by naa.aargang, naa.komm_nr
    having count(*) = 1

),

leverte_aar as (

    select distinct aargang from vedtak

),

med_vedtak as (

    select distinct
        aargang,
        person
    from vedtak

),

-- Those counted at the end of the year before, each in one municipality.
foer as (

    select
        etterfoelgere.aargang,
        etterfoelgere.fra_komm_nr,
        etterfoelgere.til_komm_nr,
        personer.person
    from personer
    inner join etterfoelgere
        on personer.aargang + 1 = etterfoelgere.aargang and personer.komm_nr = etterfoelgere.fra_komm_nr
    inner join leverte_aar on etterfoelgere.aargang = leverte_aar.aargang
    where personer.bro_aarsak = 'brukt'

),

levert_naa as (

    select
        foer.aargang,
        foer.person,
        max(case when personer.komm_nr = foer.til_komm_nr then 1 else 0 end) as i_egen,
        min({{ tegnvis('personer.komm_nr') }}) as komm_nr
    from foer
    inner join personer on foer.aargang = personer.aargang and foer.person = personer.person
    group by foer.aargang, foer.person

),

-- A decision that was open must be in the file of the next year, open or ended: a person without any is gone.
final as (

    select
        foer.aargang,
        foer.fra_komm_nr,
        foer.til_komm_nr,
        foer.person,
        med_vedtak.person is null as borte,
        case when levert_naa.i_egen = 0 then levert_naa.komm_nr end as levert_av
    from foer
    left join med_vedtak on foer.aargang = med_vedtak.aargang and foer.person = med_vedtak.person
    left join levert_naa on foer.aargang = levert_naa.aargang and foer.person = levert_naa.person

)

select * from final
