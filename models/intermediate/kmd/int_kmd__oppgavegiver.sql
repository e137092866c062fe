{#- Who answers for which dwellings, so that none counts twice: a city that filled in the form itself, else its
    districts. -#}
with enheter as (

    select * from {{ ref('int_kmd__enhet') }}

),

regioner as (

    select * from {{ ref('int_region__enhet_aar') }}

),

byer as (

    select
        bydeler.aargang,
        bydeler.komm_nr,
        max(case when kommuner.besvart_selv then 1 else 0 end) = 1 as byen_svarte
    from enheter as bydeler
    inner join enheter as kommuner
        on bydeler.aargang = kommuner.aargang and bydeler.komm_nr = kommuner.enhet_nr
    where bydeler.enhet_type = 'bydel'
    group by bydeler.aargang, bydeler.komm_nr

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
    left join byer on enheter.aargang = byer.aargang and enheter.komm_nr = byer.komm_nr
    where byer.komm_nr is null or byer.byen_svarte = (enheter.enhet_type = 'kommune')

)

select * from final
