{#- One id for a unit through the years in which the same area stands behind its code, whatever the code. -#}
with recursive enheter as (

    select * from {{ ref('int_region__enhet_aar') }}

),

kjeder as (

    select
        aargang,
        enhet_nr,
        cast(enhet_nr || ' fra ' || cast(aargang as varchar(4)) as varchar(20)) as kjede
    from enheter
    where forrige_enhet_nr is null

    union all

    select
        enheter.aargang,
        enheter.enhet_nr,
        kjeder.kjede
    from kjeder
    inner join enheter on kjeder.aargang + 1 = enheter.aargang and kjeder.enhet_nr = enheter.forrige_enhet_nr

)

select * from kjeder
