{#- The answers as the controls read them, and beside them what no single row of a delivery states. -#}
with formsvar as (

    select * from {{ ref('int_kontroll__formsvar') }}

),

beregnet as (

    select * from {{ ref('int_kontroll__beregnet') }}

),

enheter as (

    select * from {{ ref('int_region__enhet_aar') }}

),

-- A unit outside the division of the year is known by the length of its code only.
final as (

    select * from formsvar

    union all

    select
        beregnet.kilde,
        beregnet.aargang,
        beregnet.enhet_nr,
        coalesce(enheter.enhet_type, case when length(beregnet.enhet_nr) = 6 then 'bydel' else 'kommune' end)
            as enhet_type,
        coalesce(enheter.komm_nr, substring(beregnet.enhet_nr from 1 for 4)) as komm_nr,
        cast(null as varchar(10)) as fil,
        cast(null as bigint) as rad_nr,
        beregnet.felt,
        'beregnet' as datatype,
        beregnet.antall
    from beregnet
    left join enheter on beregnet.aargang = enheter.aargang and beregnet.enhet_nr = enheter.enhet_nr
    where beregnet.antall is not null

)

select * from final
