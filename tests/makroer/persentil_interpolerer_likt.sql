-- Interpolated between the nearest two, with the same bits on every engine; nulls do not count.
with tilfeller as (

    select
        'fire' as gruppe,
        cast(1.5 as decimal(18, 6)) as verdi
    union all
    select
        'fire' as gruppe,
        4 as verdi
    union all
    select
        'fire' as gruppe,
        2 as verdi
    union all
    select
        'fire' as gruppe,
        10 as verdi
    union all
    select
        'fire' as gruppe,
        null as verdi
    union all
    select
        'en' as gruppe,
        -7 as verdi
    union all
    select
        'ingen' as gruppe,
        null as verdi
    union all
    select
        'brok' as gruppe,
        0.1 as verdi
    union all
    select
        'brok' as gruppe,
        1.9 as verdi

),

regnet as (

    select
        gruppe,
        {{ persentil('verdi', 0) }} as minst,
        {{ persentil('verdi', 0.25) }} as nedre_kvartil,
        {{ persentil('verdi', 0.5) }} as median,
        {{ persentil('verdi', 0.95) }} as nesten_stoerst,
        {{ persentil('verdi', 1) }} as stoerst
    from tilfeller
    group by gruppe

),

-- Positions 0, 0.75, 1.5, 2.85 and 3 of 1.5, 2, 4, 10.
forventet as (

    select
        'fire' as gruppe,
        cast(1.5 as double precision) as minst,
        cast(1.875 as double precision) as nedre_kvartil,
        cast(3 as double precision) as median,
        cast(9.1 as double precision) as nesten_stoerst,
        cast(10 as double precision) as stoerst
    union all
    select
        'en' as gruppe,
        -7 as minst,
        -7 as nedre_kvartil,
        -7 as median,
        -7 as nesten_stoerst,
        -7 as stoerst
    union all
    select
        'ingen' as gruppe,
        null as minst,
        null as nedre_kvartil,
        null as median,
        null as nesten_stoerst,
        null as stoerst
    union all
    select
        'brok' as gruppe,
        cast(0.1 as double precision) as minst,
        cast(0.1 as double precision)
        + (cast(1.9 as double precision) - cast(0.1 as double precision)) * cast(0.25 as double precision)
            as nedre_kvartil,
        cast(0.1 as double precision)
        + (cast(1.9 as double precision) - cast(0.1 as double precision)) * cast(0.5 as double precision) as median,
        cast(0.1 as double precision)
        + (cast(1.9 as double precision) - cast(0.1 as double precision)) * cast(0.95 as double precision)
            as nesten_stoerst,
        cast(1.9 as double precision) as stoerst

)

select
    forventet.*,
    regnet.minst as funnet_minst,
    regnet.nedre_kvartil as funnet_nedre_kvartil,
    regnet.median as funnet_median,
    regnet.nesten_stoerst as funnet_nesten_stoerst,
    regnet.stoerst as funnet_stoerst
from forventet
full outer join regnet on forventet.gruppe = regnet.gruppe
where
    forventet.gruppe is null
    or regnet.gruppe is null
    or forventet.minst is distinct from regnet.minst
    or forventet.nedre_kvartil is distinct from regnet.nedre_kvartil
    or forventet.median is distinct from regnet.median
    or forventet.nesten_stoerst is distinct from regnet.nesten_stoerst
    or forventet.stoerst is distinct from regnet.stoerst
