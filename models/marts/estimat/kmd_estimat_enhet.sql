{#- The limit of SSB's ImputeRegression (limitModel): from here a unit is right, but not like the others. -#}
{%- set grense_uteligger = 2.5 -%}
with anslag as (

    select * from {{ ref('int_estimat__formaal') }}

)

select
    cast(aargang as integer) as aargang,
    enhet_nr,
    formaal,
    stratum,
    cast(svar_levert as bigint) as svar_levert,
    cast(svar as numeric(18, 6)) as svar,
    svarmetode,
    cast(boliger as bigint) as boliger,
    cast(antall as numeric(18, 6)) as antall,
    case when svarte then 'kommunens_svar' else 'stratumets_fordeling' end as metode,
    cast({{ avrundet('andel') }} as numeric(18, 6)) as andel_stratum,
    cast({{ avrundet('residual') }} as numeric(18, 6)) as residual,
    cast(studentisert_residual as numeric(18, 6)) as studentisert_residual,
    cast(coalesce(abs(studentisert_residual) >= {{ grense_uteligger }}, false) as boolean) as er_uteligger,
    cast(endring_uten_enheten as numeric(18, 6)) as endring_uten_enheten
from anslag
