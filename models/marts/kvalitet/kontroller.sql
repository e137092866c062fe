with regler as (

    select * from {{ ref('regler') }}

)

select
    regel_nr,
    type,
    alvorlighet,
    kilde,
    felt,
    mot_kilde,
    mot_felt,
    terskel_antall,
    terskel_prosent,
    cast(gyldig_fra as integer) as gyldig_fra,
    cast(gyldig_til as integer) as gyldig_til,
    behandling,
    tittel_nb,
    tittel_en,
    setning_nb,
    setning_en,
    uten_regelen_nb,
    uten_regelen_en,
    referanse
from regler
