with svar as (

    select * from {{ ref('int_husbanken__svar') }}
    where felt = 'bostotte_husstander' and aarsak = 'brukt'

),

regioner as (

    select * from {{ ref('int_husbanken__region') }}

),

enheter as (

    select * from {{ ref('int_region__enhet_aar') }}
    where enhet_type = 'kommune'

),

brudd as (

    select * from {{ ref('brudd') }}
    where kilde = 'husbanken' and maal = 'bostotte_husstander'

),

summert as (

    select
        svar.aargang,
        regioner.komm_nr,
        sum(svar.verdi_heltall) as husstander
    from svar
    inner join regioner on svar.aargang = regioner.aargang and svar.enhet_nr = regioner.enhet_nr
    group by svar.aargang, regioner.komm_nr

),

-- Without a figure of the year that of the year before stands in, but never across a break: from 1.1.2017 the income
-- basis is another (minutes 20.06.2018, item 1).
final as (

    select
        enheter.aargang,
        enheter.komm_nr,
        cast(coalesce(naa.husstander, foer.husstander) as bigint) as husstander,
        case
            when naa.husstander is not null then enheter.aargang
            when foer.husstander is not null then enheter.aargang - 1
        end as fra_aargang
    from enheter
    left join summert as naa on enheter.aargang = naa.aargang and enheter.komm_nr = naa.komm_nr
    left join brudd on enheter.aargang = brudd.aargang
    left join summert as foer
        on
            enheter.aargang - 1 = foer.aargang
            and enheter.forrige_enhet_nr = foer.komm_nr
            and brudd.aargang is null

)

select * from final
