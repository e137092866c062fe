with inndata as (

    select * from {{ source('inndata', 'iplos') }}

),

typet as (

    select
        fil,
        {{ heltall('rad_nr') }} as rad_nr,
        {{ dato('leveranse') }} as leveranse,
        publiseringsstatus,
        cast({{ heltall('aargang') }} as integer) as aargang,
        coalesce(trim(komm_nr), '') as komm_nr,
        nullif(trim(bydel_nr), '') as bydel_nr,
        nullif(trim(person_id), '') as person_id,
        nullif(trim(id_type), '') as id_type,
        nullif(trim(bruker_nr), '') as bruker_nr,
        cast({{ heltall('foedselsaar') }} as integer) as foedselsaar,
        kjoenn,
        nullif(trim(tjenestetype), '') as tjenestetype,
        nullif(trim(startdato), '') as startdato_tekst,
        nullif(trim(sluttdato), '') as sluttdato_tekst,
        nullif(trim(doedsdato), '') as doedsdato_tekst,
        {{ dato('startdato') }} as startdato,
        {{ dato('sluttdato') }} as sluttdato,
        {{ dato('doedsdato') }} as doedsdato
    from inndata

)

select * from typet
