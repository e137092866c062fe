{#- Schouten, Cobben and Bethlehem (2009): R = 1 - 2 S(ρ), with the response rate of a unit's class as its propensity.
    Partial indicators: Schouten, Shlomo and Skinner (2011). -#}
with svarenheter as (

    select * from {{ ref('int_kvalitet__svarenhet') }}
    where kilde = 'kmd' and felt = 'ENHET'

),

klasser as (

    select
        aargang,
        'stratum' as variabel,
        stoerrelsesklasse || ' ' || sentralitet as klasse,
        besvart
    from svarenheter

    union all

    select
        aargang,
        'stoerrelsesklasse' as variabel,
        stoerrelsesklasse as klasse,
        besvart
    from svarenheter

    union all

    select
        aargang,
        'sentralitet' as variabel,
        sentralitet as klasse,
        besvart
    from svarenheter

),

telt as (

    select
        aargang,
        variabel,
        klasse,
        count(*) as enheter,
        sum(case when besvart then 1 else 0 end) as svart
    from klasser
    group by aargang, variabel, klasse

),

landet as (

    select
        aargang,
        variabel,
        sum(enheter) as enheter,
        sum(svart) as svart
    from telt
    group by aargang, variabel

),

-- How far a class lies from the country, weighted by its part of the units.
avstander as (

    select
        telt.aargang,
        telt.variabel,
        telt.klasse,
        telt.enheter,
        telt.svart,
        landet.enheter as enheter_landet,
        {{ kvotient('telt.svart', 'telt.enheter') }} - {{ kvotient('landet.svart', 'landet.enheter') }} as avstand
    from telt
    inner join landet on telt.aargang = landet.aargang and telt.variabel = landet.variabel

),

-- S² has N - 1 below, the partial indicators N, as in the two papers.
spredning as (

    select
        aargang,
        variabel,
        sum(enheter) as enheter,
        sum(svart) as svart,
        {{ ordnet_sum('enheter * avstand * avstand') }} as kvadratsum
    from avstander
    group by aargang, variabel

),

tall as (

    select
        aargang,
        variabel,
        'alle' as gruppe,
        enheter,
        svart,
        case when svart > 0 then sqrt({{ kvotient('kvadratsum', 'enheter - 1') }}) end as standardavvik,
        sqrt({{ kvotient('kvadratsum', 'enheter') }}) as delindikator
    from spredning

    union all

    select
        aargang,
        variabel,
        klasse as gruppe,
        enheter,
        svart,
        null as standardavvik,
        sqrt({{ kvotient('enheter', 'enheter_landet') }}) * avstand as delindikator
    from avstander

),

final as (

    select
        *,
        1 - 2 * standardavvik as r_indikator,
        {{ kvotient('standardavvik', kvotient('svart', 'enheter')) }} as stoerste_skjevhet
    from tall

)

select
    cast(aargang as integer) as aargang,
    variabel,
    gruppe,
    cast(enheter as integer) as enheter,
    cast(svart as integer) as enheter_svart,
    cast({{ andel('svart', 'enheter') }} as numeric(18, 6)) as andel_svart,
    cast({{ avrundet('delindikator') }} as numeric(18, 6)) as delindikator,
    cast({{ avrundet('standardavvik') }} as numeric(18, 6)) as standardavvik,
    cast({{ avrundet('r_indikator') }} as numeric(18, 6)) as r_indikator,
    cast({{ avrundet('stoerste_skjevhet') }} as numeric(18, 6)) as stoerste_skjevhet,
    case
        when standardavvik is not null then null
        when gruppe = 'alle' then '..'
        else '.'
    end as r_indikator_symbol
from final
