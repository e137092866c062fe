-- Six decimals, half away from zero; missing when the denominator is zero, a term is missing or the quotient too large.
with tilfeller as (

    select
        1 as teller,
        3 as nevner,
        cast(0.333333 as decimal(18, 6)) as forventet
    union all
    select
        2 as teller,
        3 as nevner,
        cast(0.666667 as decimal(18, 6)) as forventet
    union all
    select
        -2 as teller,
        3 as nevner,
        cast(-0.666667 as decimal(18, 6)) as forventet
    union all
    select
        1 as teller,
        2000000 as nevner,
        cast(0.000001 as decimal(18, 6)) as forventet
    union all
    select
        3 as teller,
        2000000 as nevner,
        cast(0.000002 as decimal(18, 6)) as forventet
    union all
    select
        0 as teller,
        5 as nevner,
        cast(0 as decimal(18, 6)) as forventet
    union all
    select
        5 as teller,
        0 as nevner,
        cast(null as decimal(18, 6)) as forventet
    union all
    select
        null as teller,
        5 as nevner,
        cast(null as decimal(18, 6)) as forventet
    union all
    select
        999999999999 as teller,
        1 as nevner,
        cast(999999999999 as decimal(18, 6)) as forventet
    union all
    select
        1000000000000 as teller,
        1 as nevner,
        cast(null as decimal(18, 6)) as forventet
    union all
    select
        -1000000000000 as teller,
        1 as nevner,
        cast(null as decimal(18, 6)) as forventet
    union all
    select
        5 as teller,
        null as nevner,
        cast(null as decimal(18, 6)) as forventet

),

regnet as (

    select
        teller,
        nevner,
        forventet,
        {{ andel('teller', 'nevner') }} as funnet
    from tilfeller

)

select *
from regnet
where funnet is distinct from forventet
