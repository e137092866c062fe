-- Whole days, negative where the second date is the earlier one, also over a leap day; missing for a missing date.
with tilfeller as (

    select
        cast('2018-10-30' as date) as fra,
        cast('2018-11-01' as date) as til,
        2 as forventet
    union all
    select
        cast('2018-11-01' as date) as fra,
        cast('2018-10-30' as date) as til,
        -2 as forventet
    union all
    select
        cast('2020-02-28' as date) as fra,
        cast('2020-03-01' as date) as til,
        2 as forventet
    union all
    select
        cast('2018-10-30' as date) as fra,
        cast('2018-10-30' as date) as til,
        0 as forventet
    union all
    select
        cast(null as date) as fra,
        cast('2018-10-30' as date) as til,
        null as forventet

),

regnet as (

    select
        fra,
        til,
        forventet,
        {{ dager_mellom('fra', 'til') }} as funnet
    from tilfeller

)

select *
from regnet
where funnet is distinct from forventet
