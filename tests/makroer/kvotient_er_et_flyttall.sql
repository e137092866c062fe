-- Never cut to whole numbers; missing for a denominator of zero.
with tilfeller as (

    select
        cast(7 as decimal(18, 6)) as teller,
        cast(2 as decimal(18, 6)) as nevner,
        cast(3.5 as double precision) as forventet
    union all
    select
        -0.5 as teller,
        4 as nevner,
        -0.125 as forventet
    union all
    select
        0 as teller,
        3 as nevner,
        0 as forventet
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
    union all
    select
        2 as teller,
        null as nevner,
        null as forventet

),

regnet as (

    select
        teller,
        nevner,
        forventet,
        {{ kvotient('teller', 'nevner') }} as funnet,
        {{ kvotient('cast(teller as bigint)', 'cast(nevner as bigint)') }} as funnet_av_heltall
    from tilfeller

)

select *
from regnet
where
    funnet is distinct from forventet
    or (teller = 7 and funnet_av_heltall is distinct from forventet)
