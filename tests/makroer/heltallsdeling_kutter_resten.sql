-- Cut towards zero, also where a double would have lost the last digits; missing for a denominator of zero.
with tilfeller as (

    select
        7 as teller,
        2 as nevner,
        3 as forventet
    union all
    select
        -7 as teller,
        2 as nevner,
        -3 as forventet
    union all
    select
        6 as teller,
        3 as nevner,
        2 as forventet
    union all
    select
        9007199254740993 as teller,
        1 as nevner,
        9007199254740993 as forventet
    union all
    select
        7 as teller,
        0 as nevner,
        null as forventet
    union all
    select
        null as teller,
        2 as nevner,
        null as forventet

),

regnet as (

    select
        teller,
        nevner,
        forventet,
        {{ heltallsdeling('teller', 'nevner') }} as funnet
    from tilfeller

)

select *
from regnet
where funnet is distinct from forventet
