with kommuner as (

    select * from {{ ref('kommune') }}

),

final as (

    select
        komm_nr,
        komm_navn,
        fylke_nr,
        fylke_navn,
        gyldig_fra,
        gyldig_til,
        forste_aar,
        siste_aar,
        kilde
    from kommuner

)

select
    komm_nr,
    komm_navn,
    fylke_nr,
    fylke_navn,
    cast(gyldig_fra as date) as gyldig_fra,
    cast(gyldig_til as date) as gyldig_til,
    cast(forste_aar as integer) as forste_aar,
    cast(siste_aar as integer) as siste_aar,
    kilde
from final
