{#- The 97.5 percentile of the normal distribution: a 95 per cent interval. -#}
{%- set z_95 = 1.959964 -%}
with anslag as (

    select * from {{ ref('int_estimat__formaal') }}

),

enheter as (

    select * from {{ ref('int_estimat__enhet') }}

),

grupper as (

    select
        aargang,
        enhet_nr,
        'land' as gruppetype,
        'EAK' as gruppe
    from enheter

    union all

    select
        aargang,
        enhet_nr,
        'stoerrelsesklasse' as gruppetype,
        coalesce(stoerrelsesklasse, 'ukjent') as gruppe
    from enheter

    union all

    select
        aargang,
        enhet_nr,
        'sentralitet' as gruppetype,
        coalesce(sentralitet, 'ukjent') as gruppe
    from enheter

    union all

    select
        aargang,
        enhet_nr,
        'fylke' as gruppetype,
        concat('EKA', fylke_nr) as gruppe
    from enheter

    union all

    select
        aargang,
        enhet_nr,
        'kostragruppe' as gruppetype,
        coalesce(kostragruppe, 'ukjent') as gruppe
    from enheter

),

-- The spread of the answers around the share of their stratum.
spredning as (

    select
        aargang,
        stratum,
        formaal,
        count(residual) as enheter_svart,
        {{ kvotient(ordnet_sum('residual * residual'), 'count(residual) - 1') }} as varians
    from anslag
    group by aargang, stratum, formaal

),

deler as (

    select
        anslag.aargang,
        grupper.gruppetype,
        grupper.gruppe,
        anslag.stratum,
        anslag.formaal,
        count(*) as enheter,
        sum(case when anslag.svarte then 1 else 0 end) as enheter_svart,
        sum(case when anslag.svarte then 0 else 1 end) as enheter_mangler,
        sum(anslag.boliger) as boliger,
        sum(anslag.svar) as sum_svar,
        sum(anslag.antall) as antall,
        sum(case when anslag.svarte then cast(0 as numeric(18, 6)) else anslag.antall end) as anslaatt,
        {{ ordnet_sum('anslag.designvekt * anslag.svar') }} as ekspansjon,
        {{ ordnet_sum('anslag.designvekt * anslag.andel * (anslag.boliger - anslag.sum_svar)') }} as forskjell_totaler
    from anslag
    inner join grupper on anslag.aargang = grupper.aargang and anslag.enhet_nr = grupper.enhet_nr
    group by anslag.aargang, grupper.gruppetype, grupper.gruppe, anslag.stratum, anslag.formaal

),

-- Of M that are missing of N in a stratum: M estimates, whose common share is itself estimated from n answers. For a
-- whole stratum this is N²(1 - n/N) s²/n. Where nobody is missing there is nothing to estimate.
varianser as (

    select
        deler.*,
        case
            when deler.enheter_mangler = 0 then 0
            else
                spredning.varians
                * (
                    {{ kvotient('deler.enheter_mangler * deler.enheter_mangler', 'spredning.enheter_svart') }}
                    + deler.enheter_mangler
                )
        end as varians
    from deler
    inner join spredning
        on
            deler.aargang = spredning.aargang
            and deler.stratum = spredning.stratum
            and deler.formaal = spredning.formaal

),

summer as (

    select
        aargang,
        gruppetype,
        gruppe,
        formaal,
        sum(enheter) as enheter,
        sum(enheter_svart) as enheter_svart,
        sum(boliger) as boliger,
        sum(sum_svar) as sum_svar,
        sum(antall) as antall,
        sum(anslaatt) as anslaatt,
        {{ ordnet_sum('ekspansjon') }} as ekspansjon,
        {{ ordnet_sum('forskjell_totaler') }} as forskjell_totaler,
        case when count(varians) = count(*) then sqrt({{ ordnet_sum('varians') }}) end as standardfeil
    from varianser
    group by aargang, gruppetype, gruppe, formaal

),

uten_beholdning as (

    select
        grupper.aargang,
        grupper.gruppetype,
        grupper.gruppe,
        sum(case when enheter.boliger is null then 1 else 0 end) as enheter_uten_beholdning
    from grupper
    inner join enheter on grupper.aargang = enheter.aargang and grupper.enhet_nr = enheter.enhet_nr
    group by grupper.aargang, grupper.gruppetype, grupper.gruppe

),

final as (

    select
        summer.*,
        uten_beholdning.enheter_uten_beholdning,
        {{ avrundet('summer.standardfeil') }} as standardfeil_tall,
        coalesce({{ avrundet('summer.ekspansjon') }}, 0) as ekspansjon_tall,
        coalesce({{ avrundet('summer.forskjell_totaler') }}, 0) as forskjell_totaler_tall
    from summer
    inner join uten_beholdning
        on
            summer.aargang = uten_beholdning.aargang
            and summer.gruppetype = uten_beholdning.gruppetype
            and summer.gruppe = uten_beholdning.gruppe

)

select
    cast(aargang as integer) as aargang,
    gruppetype,
    gruppe,
    formaal,
    cast(enheter as integer) as enheter,
    cast(enheter_svart as integer) as enheter_svart,
    cast(enheter_uten_beholdning as integer) as enheter_uten_beholdning,
    cast(boliger as bigint) as boliger,
    cast(coalesce(sum_svar, 0) as numeric(18, 6)) as sum_svar,
    cast(antall as numeric(18, 6)) as antall,
    cast({{ avrundet(kvotient('antall', 'boliger')) }} as numeric(18, 6)) as andel,
    cast({{ avrundet(kvotient('anslaatt', 'antall')) }} as numeric(18, 6)) as andel_anslaatt,
    cast(standardfeil_tall as numeric(18, 6)) as standardfeil,
    cast({{ avrundet(kvotient('standardfeil', 'antall')) }} as numeric(18, 6)) as variasjonskoeffisient,
    cast(antall - {{ z_95 }} * standardfeil_tall as numeric(18, 6)) as nedre_95,
    cast(antall + {{ z_95 }} * standardfeil_tall as numeric(18, 6)) as oevre_95,
    case when standardfeil_tall is null then '..' end as usikkerhet_symbol,
    cast(ekspansjon_tall as numeric(18, 6)) as ekspansjon,
    cast(antall - ekspansjon_tall - forskjell_totaler_tall as numeric(18, 6)) as forskjell_stoerrelse,
    cast(forskjell_totaler_tall as numeric(18, 6)) as forskjell_totaler
from final
