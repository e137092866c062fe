-- The digests of FIPS 180-4 for "" and "abc", and that of a Norwegian letter in UTF-8.
with tilfeller as (

    select
        '' as tekst,
        'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' as forventet
    union all
    select
        'abc' as tekst,
        'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' as forventet
    union all
    select
        'å' as tekst,
        'e83979df9d36090142f23051f8e8d7ad48e5c20dff5c9e7b92ca3454f67469f9' as forventet
    union all
    select
        cast(null as varchar(10)) as tekst,
        null as forventet

),

regnet as (

    select
        tekst,
        forventet,
        {{ sha256('tekst') }} as funnet
    from tilfeller

)

select *
from regnet
where funnet is distinct from forventet
