with kommuner as (

    select * from {{ ref('kommune') }}

),

fylker as (

    select * from {{ ref('fylke') }}

),

bydeler as (

    select * from {{ ref('bydel') }}

),

kostragrupper as (

    select distinct
        kostragrupper.kostragruppe,
        grupperinger.gruppering,
        grupperinger.gyldig_fra,
        grupperinger.gyldig_til
    from {{ ref('kostragruppe') }} as kostragrupper
    inner join {{ ref('kostragruppering') }} as grupperinger
        on kostragrupper.gruppering = grupperinger.gruppering

),

folketall_bydeler as (

    select min(aar) as foerste_aar
    from {{ ref('folketall_bydel') }}

),

land as (

    select * from {{ ref('region_land') }}

),

final as (

    select
        komm_nr as region_nr,
        'kommune' as region_type,
        komm_navn as region_navn,
        forste_aar as gyldig_fra,
        case when gyldig_til is not null then siste_aar end as gyldig_til
    from kommuner

    union all

    select
        bydeler.bydel_nr as region_nr,
        'bydel' as region_type,
        bydeler.bydel_navn as region_navn,
        folketall_bydeler.foerste_aar as gyldig_fra,
        cast(null as integer) as gyldig_til
    from bydeler
    cross join folketall_bydeler

    union all

    select
        'EKA' || fylke_nr as region_nr,
        'fylke' as region_type,
        fylke_navn as region_navn,
        gyldig_fra_aar as gyldig_fra,
        gyldig_til_aar as gyldig_til
    from fylker

    union all

    select
        kostragruppe as region_nr,
        'kostragruppe' as region_type,
        'KOSTRA-gruppe ' || substring(kostragruppe, 4, 2) || ' (gruppering ' || gruppering || ')' as region_navn,
        gyldig_fra,
        gyldig_til
    from kostragrupper

    union all

    select
        region_nr,
        region_type,
        region_navn,
        gyldig_fra,
        gyldig_til
    from land

)

select
    region_nr,
    region_type,
    region_navn,
    cast(gyldig_fra as integer) as gyldig_fra,
    cast(gyldig_til as integer) as gyldig_til
from final
