-- Two ones after ten thousand billions each vanish; before them they count. Nulls do not count.
with tilfeller as (

    select
        'stor' as gruppe,
        cast(10000000000000000 as double precision) as verdi
    union all
    select
        'stor' as gruppe,
        1 as verdi
    union all
    select
        'stor' as gruppe,
        null as verdi
    union all
    select
        'stor' as gruppe,
        1 as verdi
    union all
    select
        'negativ' as gruppe,
        2.5 as verdi
    union all
    select
        'negativ' as gruppe,
        -7 as verdi
    union all
    select
        'ingen' as gruppe,
        null as verdi

),

regnet as (

    select
        gruppe,
        {{ ordnet_sum('verdi') }} as funnet
    from tilfeller
    group by gruppe

),

forventet as (

    select
        'stor' as gruppe,
        cast(10000000000000002 as double precision) as forventet
    union all
    select
        'negativ' as gruppe,
        -4.5 as forventet
    union all
    select
        'ingen' as gruppe,
        null as forventet

)

select
    forventet.gruppe,
    forventet.forventet,
    regnet.gruppe as funnet_gruppe,
    regnet.funnet
from forventet
full outer join regnet on forventet.gruppe = regnet.gruppe
where
    forventet.gruppe is null
    or regnet.gruppe is null
    or forventet.forventet is distinct from regnet.funnet
