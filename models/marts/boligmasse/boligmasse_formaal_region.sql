with figurer as (

    select * from {{ ref('boligmasse_formaal') }}

),

enheter as (

    select * from {{ ref('int_region__enhet_aar') }}

),

beholdning as (

    select * from {{ ref('int_imputering__beholdning') }}

),

-- The city with districts is left out of the country without it, and its districts are a region of their own.
byer as (

    select komm_nr from {{ ref('bydel') }}

),

tilhoerighet as (

    select
        aargang,
        enhet_nr,
        'land' as region_type,
        'EAK' as region_nr
    from enheter
    where enhet_type = 'kommune'

    union all

    select
        enheter.aargang,
        enheter.enhet_nr,
        'land_uten_oslo' as region_type,
        'EAKUO' as region_nr
    from enheter
    left join byer on enheter.enhet_nr = byer.komm_nr
    where enheter.enhet_type = 'kommune' and byer.komm_nr is null

    union all

    select
        aargang,
        enhet_nr,
        'fylke' as region_type,
        concat('EKA', fylke_nr) as region_nr
    from enheter
    where enhet_type = 'kommune'

    union all

    select
        aargang,
        enhet_nr,
        'kostragruppe' as region_type,
        coalesce(kostragruppe, 'ukjent') as region_nr
    from enheter
    where enhet_type = 'kommune'

    union all

    select
        aargang,
        enhet_nr,
        'alle_bydeler' as region_type,
        'EAB' as region_nr
    from enheter
    where enhet_type = 'bydel'

),

summer as (

    select
        figurer.aargang,
        tilhoerighet.region_type,
        tilhoerighet.region_nr,
        figurer.formaal,
        count(*) as enheter,
        count(figurer.antall) as enheter_med_tall,
        sum(figurer.antall) as antall,
        sum(coalesce(figurer.laveste, figurer.antall)) as laveste,
        sum(coalesce(figurer.hoeyeste, figurer.antall)) as hoeyeste,
        coalesce(sum(beholdning.boliger_i_alt), 0) as boliger,
        coalesce(sum(case when figurer.antall is not null then beholdning.boliger_i_alt end), 0) as boliger_med_tall,
        coalesce(sum(case when figurer.imputert then beholdning.boliger_i_alt end), 0) as boliger_anslaatt,
        {%- for klasse in ['A', 'B', 'C', 'D'] %}
        coalesce(sum(case when figurer.kvalitet = '{{ klasse }}' then beholdning.boliger_i_alt end), 0)
            as boliger_{{ klasse | lower }},
        {%- endfor %}
        max(case when figurer.foreloepig then 1 else 0 end) as foreloepig,
        max(case when figurer.brudd then 1 else 0 end) as brudd
    from figurer
    inner join tilhoerighet
        on figurer.aargang = tilhoerighet.aargang and figurer.enhet_nr = tilhoerighet.enhet_nr
    inner join beholdning on figurer.aargang = beholdning.aargang and figurer.enhet_nr = beholdning.enhet_nr
    group by figurer.aargang, tilhoerighet.region_type, tilhoerighet.region_nr, figurer.formaal

)

select
    cast(aargang as integer) as aargang,
    region_nr,
    region_type,
    formaal,
    cast(antall as bigint) as antall,
    case when antall is null then '..' end as symbol,
    case when antall is null then 'ingen_metode' end as symbol_aarsak,
    cast(enheter as integer) as enheter,
    cast(enheter_med_tall as integer) as enheter_med_tall,
    cast(boliger as bigint) as boliger,
    cast(boliger_med_tall as bigint) as boliger_med_tall,
    cast({{ andel('boliger_med_tall', 'boliger') }} as numeric(18, 6)) as andel_dekket,
    cast(boliger_anslaatt as bigint) as boliger_anslaatt,
    cast({{ andel('boliger_anslaatt', 'boliger_med_tall') }} as numeric(18, 6)) as andel_anslaatt,
    cast(boliger_a as bigint) as boliger_a,
    cast(boliger_b as bigint) as boliger_b,
    cast(boliger_c as bigint) as boliger_c,
    cast(boliger_d as bigint) as boliger_d,
    cast(laveste as bigint) as laveste,
    cast(hoeyeste as bigint) as hoeyeste,
    cast(foreloepig = 1 as boolean) as foreloepig,
    cast(brudd = 1 as boolean) as brudd
from summer
