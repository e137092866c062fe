with inndata as (

    select * from {{ source('inndata', 'leveranser') }}

),

typet as (

    select
        fil,
        fil_sha256,
        kilde,
        cast({{ heltall('aargang') }} as integer) as aargang,
        {{ dato('leveranse') }} as leveranse,
        publiseringsstatus,
        syntetisk,
        {{ heltall('antall_rader') }} as antall_rader,
        {{ heltall('antall_celler') }} as antall_celler
    from inndata

)

select * from typet
