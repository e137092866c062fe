with enheter as (

    select * from {{ ref('int_estimat__enhet') }}

),

strata as (

    select
        aargang,
        stratum,
        count(boliger) as enheter,
        sum(case when svarte then 1 else 0 end) as enheter_svart
    from enheter
    group by aargang, stratum

),

-- The weights are those of the unit; any purpose has them.
vekter as (

    select
        aargang,
        enhet_nr,
        max(sum_svar) as sum_svar,
        max(designvekt) as designvekt,
        max(ratevekt) as ratevekt
    from {{ ref('int_estimat__formaal') }}
    where svarte
    group by aargang, enhet_nr

)

select
    cast(enheter.aargang as integer) as aargang,
    enheter.enhet_nr,
    enheter.stoerrelsesklasse,
    enheter.sentralitet,
    enheter.stratum,
    cast(enheter.trinn as integer) as trinn,
    cast(strata.enheter as integer) as stratum_enheter,
    cast(strata.enheter_svart as integer) as stratum_enheter_svart,
    case
        when enheter.boliger is null then 'uten_beholdning'
        when enheter.svarte then 'svar'
        else 'enhetsfrafall'
    end as svarstatus,
    cast(enheter.boliger as bigint) as boliger,
    cast(vekter.sum_svar as numeric(18, 6)) as sum_svar,
    cast({{ avrundet('vekter.designvekt') }} as numeric(18, 6)) as designvekt,
    cast({{ avrundet('vekter.ratevekt') }} as numeric(18, 6)) as ratevekt
from enheter
inner join strata on enheter.aargang = strata.aargang and enheter.stratum = strata.stratum
left join vekter on enheter.aargang = vekter.aargang and enheter.enhet_nr = vekter.enhet_nr
