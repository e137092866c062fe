-- Only whole numbers of at most nine digits, signed or not, blanks around them or not, are read; all else is missing.
with tilfeller as (

    select
        '12' as tekst,
        12 as forventet
    union all
    select
        ' 0045 ' as tekst,
        45 as forventet
    union all
    select
        '{{ "\u00a0" }}46{{ "\t" }}' as tekst,
        46 as forventet
    union all
    select
        '-7' as tekst,
        -7 as forventet
    union all
    select
        '+7' as tekst,
        7 as forventet
    union all
    select
        '999999999' as tekst,
        999999999 as forventet
    union all
    select
        '1000000000' as tekst,
        null as forventet
    union all
    select
        '1 234' as tekst,
        null as forventet
    union all
    select
        '12,5' as tekst,
        null as forventet
    union all
    select
        '{{ "\uff11\uff12" }}' as tekst,
        null as forventet
    union all
    select
        '{{ "\u0661\u0662" }}' as tekst,
        null as forventet
    union all
    select
        '1e3' as tekst,
        null as forventet
    union all
    select
        'ca. 120' as tekst,
        null as forventet
    union all
    select
        '' as tekst,
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
        {{ heltall('tekst') }} as funnet
    from tilfeller

)

select *
from lest
where funnet is distinct from forventet
