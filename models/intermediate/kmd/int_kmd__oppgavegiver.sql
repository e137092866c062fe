{#- Who answers for which dwellings, so that none counts twice: a city that filled in the form itself, else its
    districts. -#}
with enheter as (

    select * from {{ ref('int_kmd__enhet') }}

),

regioner as (

    select * from {{ ref('int_region__enhet_aar') }}

),

byer as (

    select distinct
        aargang,
        komm_nr
    from enheter
    where enhet_type = 'bydel'

),

final as (

    select
        enheter.aargang,
        enheter.enhet_nr,
        enheter.enhet_type,
        enheter.komm_nr,
        enheter.besvart_selv as besvart,
        regioner.folketall,
        coalesce(by_regioner.stoerrelsesklasse, 'ukjent') as stoerrelsesklasse,
        coalesce(by_regioner.sentralitet, 'ukjent') as sentralitet
    from enheter
    inner join regioner on enheter.aargang = regioner.aargang and enheter.enhet_nr = regioner.enhet_nr
    inner join regioner as by_regioner
        on enheter.aargang = by_regioner.aargang and enheter.komm_nr = by_regioner.enhet_nr
    inner join enheter as byen on enheter.aargang = byen.aargang and enheter.komm_nr = byen.enhet_nr
    left join byer on enheter.aargang = byer.aargang and enheter.komm_nr = byer.komm_nr
    where byer.komm_nr is null or byen.besvart_selv = (enheter.enhet_type = 'kommune')

)

select * from final
