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
        coalesce({{ trimmet('komm_nr') }}, '') as komm_nr,
        nullif({{ trimmet('bydel_nr') }}, '') as bydel_nr,
        nullif({{ trimmet('person_id') }}, '') as person_id,
        nullif({{ trimmet('id_type') }}, '') as id_type,
        nullif({{ trimmet('bruker_nr') }}, '') as bruker_nr,
        cast({{ heltall('foedselsaar') }} as integer) as foedselsaar,
        kjoenn,
        nullif({{ trimmet('tjenestetype') }}, '') as tjenestetype,
        nullif({{ trimmet('startdato') }}, '') as startdato_tekst,
        nullif({{ trimmet('sluttdato') }}, '') as sluttdato_tekst,
        nullif({{ trimmet('doedsdato') }}, '') as doedsdato_tekst,
        {{ dato('startdato') }} as startdato,
        {{ dato('sluttdato') }} as sluttdato,
        {{ dato('doedsdato') }} as doedsdato
    from inndata

)

select * from typet
