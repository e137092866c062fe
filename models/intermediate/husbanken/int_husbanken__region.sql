with kommuner as (

    select * from {{ ref('int_region__enhet_aar') }}
    where enhet_type = 'kommune'

),

egne_koder as (

    select * from {{ ref('husbanken_region') }}

),

-- A municipality with codes of Husbanken's own has no other.
final as (

    select
        kommuner.aargang,
        coalesce(egne_koder.kode, kommuner.enhet_nr) as enhet_nr,
        kommuner.komm_nr,
        'ja' as rapporterer
    from kommuner
    left join egne_koder on kommuner.komm_nr = egne_koder.komm_nr

)

select * from final
