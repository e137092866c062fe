with kommuner as (

    select * from {{ ref('kommune') }}

),

aarganger as (

    select aargang from {{ ref('aargang') }}

),

-- The year after the last one is needed too: its population is the denominator of the last year's rates.
aar as (

    select aargang as aar from aarganger
    union distinct
    select aargang + 1 as aar from aarganger

),

final as (

    select
        aar.aar,
        kommuner.komm_nr,
        kommuner.komm_navn,
        kommuner.fylke_nr,
        kommuner.fylke_navn
    from aar
    inner join kommuner on aar.aar between kommuner.forste_aar and kommuner.siste_aar

)

select * from final
