-- A double midway between two decimals goes away from zero, on every engine.
with tilfeller as (

    select
        {{ kvotient('1', '2000000') }} as tall,
        cast(0.000001 as decimal(18, 6)) as forventet
    union all
    select
        {{ kvotient('-1', '2000000') }} as tall,
        cast(-0.000001 as decimal(18, 6)) as forventet
    union all
    select
        {{ kvotient('905757', '2000000') }} as tall,
        cast(0.452879 as decimal(18, 6)) as forventet
    union all
    select
        {{ kvotient('1', '3') }} as tall,
        cast(0.333333 as decimal(18, 6)) as forventet
    union all
    select
        {{ kvotient('-2', '3') }} as tall,
        cast(-0.666667 as decimal(18, 6)) as forventet
    union all
    select
        {{ kvotient('0', '5') }} as tall,
        cast(0 as decimal(18, 6)) as forventet
    union all
    select
        {{ kvotient('5', '0') }} as tall,
        cast(null as decimal(18, 6)) as forventet

),

regnet as (

    select
        tall,
        forventet,
        {{ avrundet('tall') }} as funnet
    from tilfeller

)

select *
from regnet
where funnet is distinct from forventet
