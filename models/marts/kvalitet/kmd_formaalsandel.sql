with formaal as (

    select * from {{ ref('int_kmd__formaal') }}
    where gruppetype <> 'alle'

),

terskler as (

    select
        aargang,
        {{ terskel('kmd_fordeling_enheter', 'registeraar.aargang') }} as minste_enheter,
        {{ terskel('konfidensfaktor_95_promille', 'registeraar.aargang') }} as konfidensfaktor
    from {{ ref('aargang') }} as registeraar

),

grupper as (

    select distinct
        aargang,
        gruppetype,
        gruppe
    from formaal

),

-- Every group against all other units together.
sider as (

    select
        grupper.aargang,
        grupper.gruppetype,
        grupper.gruppe,
        formaal.formaal,
        case when formaal.gruppe = grupper.gruppe then 'gruppe' else 'andre' end as side,
        formaal.antall,
        formaal.boliger_i_alt
    from grupper
    inner join formaal on grupper.aargang = formaal.aargang and grupper.gruppetype = formaal.gruppetype

),

summer as (

    select
        aargang,
        gruppetype,
        gruppe,
        formaal,
        side,
        count(*) as enheter_i_alt,
        count(antall) as enheter,
        sum(antall) as antall,
        sum(boliger_i_alt) as boliger_i_alt
    from sider
    group by aargang, gruppetype, gruppe, formaal, side

),

-- What is left of each answer when the group's share is taken of its dwellings.
rester as (

    select
        sider.aargang,
        sider.gruppetype,
        sider.gruppe,
        sider.formaal,
        sider.side,
        sider.antall - {{ kvotient('summer.antall', 'summer.boliger_i_alt') }} * sider.boliger_i_alt as rest
    from sider
    inner join summer
        on
            sider.aargang = summer.aargang
            and sider.gruppetype = summer.gruppetype
            and sider.gruppe = summer.gruppe
            and sider.formaal = summer.formaal
            and sider.side = summer.side

),

kvadratsummer as (

    select
        aargang,
        gruppetype,
        gruppe,
        formaal,
        side,
        {{ ordnet_sum('rest * rest') }} as kvadratsum
    from rester
    group by aargang, gruppetype, gruppe, formaal, side

),

-- Var(r) = (1 - n/N) n/(n - 1) Σe² / (Σx)²: the linearised ratio of a simple random sample without replacement.
anslag as (

    select
        summer.aargang,
        summer.gruppetype,
        summer.gruppe,
        summer.formaal,
        summer.side,
        summer.enheter,
        summer.enheter_i_alt,
        summer.antall,
        summer.boliger_i_alt,
        terskler.konfidensfaktor,
        {{ kvotient('summer.antall', 'summer.boliger_i_alt') }} as andel,
        {{ andel('summer.antall', 'summer.boliger_i_alt') }} as andel_eksakt,
        {{ kvotient(
            kvotient('(summer.enheter_i_alt - summer.enheter) * summer.enheter', 'summer.enheter_i_alt')
            ~ ' * kvadratsummer.kvadratsum',
            '(summer.enheter - 1) * summer.boliger_i_alt * summer.boliger_i_alt'
        ) }} as varians
    from summer
    inner join terskler on summer.aargang = terskler.aargang
    inner join kvadratsummer
        on
            summer.aargang = kvadratsummer.aargang
            and summer.gruppetype = kvadratsummer.gruppetype
            and summer.gruppe = kvadratsummer.gruppe
            and summer.formaal = kvadratsummer.formaal
            and summer.side = kvadratsummer.side
    where summer.enheter >= terskler.minste_enheter

),

final as (

    select
        summer.aargang,
        summer.gruppetype,
        summer.gruppe,
        summer.formaal,
        summer.enheter,
        summer.enheter_i_alt,
        summer.antall,
        summer.boliger_i_alt,
        gruppen.andel_eksakt as andel,
        sqrt(gruppen.varians) as standardfeil,
        gruppen.andel - {{ kvotient('gruppen.konfidensfaktor', '1000') }} * sqrt(gruppen.varians) as nedre,
        gruppen.andel + {{ kvotient('gruppen.konfidensfaktor', '1000') }} * sqrt(gruppen.varians) as oevre,
        andre.andel_eksakt as andel_andre,
        gruppen.andel - andre.andel as differanse,
        sqrt(gruppen.varians + andre.varians) as differanse_standardfeil,
        gruppen.andel - andre.andel
        - {{ kvotient('gruppen.konfidensfaktor', '1000') }} * sqrt(gruppen.varians + andre.varians) as differanse_nedre,
        gruppen.andel - andre.andel
        + {{ kvotient('gruppen.konfidensfaktor', '1000') }} * sqrt(gruppen.varians + andre.varians) as differanse_oevre
    from summer
    left join anslag as gruppen
        on
            summer.aargang = gruppen.aargang
            and summer.gruppetype = gruppen.gruppetype
            and summer.gruppe = gruppen.gruppe
            and summer.formaal = gruppen.formaal
            and gruppen.side = 'gruppe'
    left join anslag as andre
        on
            summer.aargang = andre.aargang
            and summer.gruppetype = andre.gruppetype
            and summer.gruppe = andre.gruppe
            and summer.formaal = andre.formaal
            and andre.side = 'andre'
    where summer.side = 'gruppe'

)

select
    cast(aargang as integer) as aargang,
    gruppetype,
    gruppe,
    formaal,
    cast(enheter as integer) as enheter,
    cast(enheter_i_alt as integer) as enheter_i_alt,
    cast(coalesce(antall, 0) as bigint) as antall,
    cast(coalesce(boliger_i_alt, 0) as bigint) as boliger_i_alt,
    cast(andel as numeric(18, 6)) as andel,
    cast({{ avrundet('standardfeil') }} as numeric(18, 6)) as standardfeil,
    cast({{ avrundet('nedre') }} as numeric(18, 6)) as nedre,
    cast({{ avrundet('oevre') }} as numeric(18, 6)) as oevre,
    case when andel is null then '..' end as andel_symbol,
    cast(andel_andre as numeric(18, 6)) as andel_andre,
    cast({{ avrundet('differanse') }} as numeric(18, 6)) as differanse,
    cast({{ avrundet('differanse_standardfeil') }} as numeric(18, 6)) as differanse_standardfeil,
    cast({{ avrundet('differanse_nedre') }} as numeric(18, 6)) as differanse_nedre,
    cast({{ avrundet('differanse_oevre') }} as numeric(18, 6)) as differanse_oevre,
    case when andel_andre is null then '..' end as andel_andre_symbol,
    case when differanse is null then '..' end as differanse_symbol
from final
