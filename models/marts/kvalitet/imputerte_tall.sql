with disposisjon as (

    select * from {{ ref('int_imputering__disposisjon') }}

),

fratrekk as (

    select * from {{ ref('int_imputering__fratrekk') }}

),

samlet as (

    select * from disposisjon
    union all
    select * from fratrekk

)

select
    cast(aargang as integer) as aargang,
    enhet_nr,
    kilde,
    maal,
    cast(antall as bigint) as antall,
    metode,
    mangler_aarsak,
    cast(fra_aargang as integer) as fra_aargang,
    hjelpemaal,
    cast(hjelpetall as bigint) as hjelpetall,
    cast(forhold as numeric(18, 6)) as forhold
from samlet
