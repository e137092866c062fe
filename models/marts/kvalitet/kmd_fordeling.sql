with formaal as (

    select * from {{ ref('int_kmd__formaal') }}

),

terskler as (

    select
        aargang,
        {{ terskel('kmd_fordeling_enheter', 'registeraar.aargang') }} as minste_enheter
    from {{ ref('aargang') }} as registeraar

),

-- Each unit counts the same: how the municipalities differ, not how the dwellings are spread.
verdier as (

    select
        aargang,
        'andel' as maal,
        gruppetype,
        gruppe,
        formaal,
        {{ andel('antall', 'boliger_i_alt') }} as verdi
    from formaal

    union all

    select
        aargang,
        'per_1000' as maal,
        gruppetype,
        gruppe,
        formaal,
        {{ andel('1000 * antall', 'folketall') }} as verdi
    from formaal

),

fordelt as (

    select
        aargang,
        maal,
        gruppetype,
        gruppe,
        formaal,
        count(*) as enheter_i_alt,
        count(verdi) as enheter,
        {{ persentil('verdi', 0.1) }} as p10,
        {{ persentil('verdi', 0.5) }} as median,
        {{ persentil('verdi', 0.9) }} as p90
    from verdier
    group by aargang, maal, gruppetype, gruppe, formaal

),

final as (

    select
        fordelt.*,
        (fordelt.enheter >= terskler.minste_enheter) is true as vises
    from fordelt
    inner join terskler on fordelt.aargang = terskler.aargang

)

select
    cast(aargang as integer) as aargang,
    maal,
    gruppetype,
    gruppe,
    formaal,
    cast(enheter as integer) as enheter,
    cast(enheter_i_alt as integer) as enheter_i_alt,
    cast(case when vises then {{ avrundet('p10') }} end as numeric(18, 6)) as p10,
    cast(case when vises then {{ avrundet('median') }} end as numeric(18, 6)) as median,
    cast(case when vises then {{ avrundet('p90') }} end as numeric(18, 6)) as p90,
    case when not vises then '..' end as symbol
from final
