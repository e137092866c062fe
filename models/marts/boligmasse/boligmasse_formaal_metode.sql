with metoder as (

    select * from {{ ref('int_boligmasse__metode') }}

),

symboler as (

    select * from {{ ref('symbol_aarsak') }}

),

final as (

    select
        cast(metoder.aargang as integer) as aargang,
        metoder.enhet_nr,
        metoder.enhet_type,
        metoder.komm_nr,
        metoder.formaal,
        metoder.metode,
        cast(metoder.antall as bigint) as antall,
        symboler.symbol,
        metoder.symbol_aarsak,
        metoder.kilde,
        metoder.forbehold,
        cast(metoder.imputert as boolean) as imputert,
        cast(metoder.foreloepig as boolean) as foreloepig,
        cast(metoder.brudd as boolean) as brudd
    from metoder
    left join symboler on metoder.symbol_aarsak = symboler.symbol_aarsak

)

select * from final
