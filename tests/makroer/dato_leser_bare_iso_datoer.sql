-- Only dates of the calendar written as YYYY-MM-DD are read; all else is missing.
with tilfeller as (

    select
        '2017-12-31' as tekst,
        cast('2017-12-31' as date) as forventet
    union all
    select
        ' 2016-02-29 ' as tekst,
        cast('2016-02-29' as date) as forventet
    union all
    select
        '2016-12-31' || '{{ "\u00a0" }}' as tekst,
        cast('2016-12-31' as date) as forventet
    union all
    select
        '2017-04-31' as tekst,
        null as forventet
    union all
    select
        '2017-13-01' as tekst,
        null as forventet
    union all
    select
        '2017-01-00' as tekst,
        null as forventet
    union all
    select
        '0000-01-01' as tekst,
        null as forventet
    union all
    select
        '9999-12-31' as tekst,
        cast('9999-12-31' as date) as forventet
    union all
    select
        '2017-02-29' as tekst,
        null as forventet
    union all
    select
        '31.12.2017' as tekst,
        null as forventet
    union all
    select
        '2017-1-1' as tekst,
        null as forventet
    union all
    select
        '2017-12-31 10:00' as tekst,
        null as forventet
    union all
    select
        cast(null as varchar(10)) as tekst,
        null as forventet

),

lest as (

    select
        tekst,
        forventet,
        {{ dato('tekst') }} as funnet
    from tilfeller

)

select *
from lest
where funnet is distinct from forventet
