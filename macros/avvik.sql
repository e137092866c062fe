{% macro avvik(a, b) %}
    {%- for ledd in [a, b] -%}
        {%- if ledd is string or ledd | length != 3 -%}
            {{ exceptions.raise_compiler_error(
                "avvik: a and b must be [name, source, measure], found '" ~ ledd ~ "'."
            ) }}
        {%- endif -%}
    {%- endfor -%}
    tall as (

        select * from {{ ref('int_boliger__tall') }}

    ),

    -- The years with a survey, with the thresholds of the year.
    aarganger as (

        select
            aargang,
            {{ terskel('stort_avvik_antall', 'undersoekelser.aargang') }} as minste_antall,
            {{ terskel('stort_avvik_prosent', 'undersoekelser.aargang') }} as minste_prosent
        from {{ ref('aargang') }} as undersoekelser
        where kmd = 'ja'

    ),

    enheter as (

        select enhet_aar.*
        from {{ ref('int_region__enhet_aar') }} as enhet_aar
        inner join aarganger on enhet_aar.aargang = aarganger.aargang

    ),

    -- A measure has no row for a unit it cannot occur in.
    par as (

        select
            enheter.aargang,
            enheter.enhet_nr,
            enheter.enhet_type,
            enheter.komm_nr,
            enheter.enhet_navn,
            tall_a.antall as {{ a[0] }},
            case when tall_a.maal is null then '.' else tall_a.symbol end as {{ a[0] }}_symbol,
            tall_b.antall as {{ b[0] }},
            case when tall_b.maal is null then '.' else tall_b.symbol end as {{ b[0] }}_symbol,
            tall_a.antall - tall_b.antall as avvik,
            greatest(tall_a.antall, tall_b.antall) as stoerst
        from enheter
        left join tall as tall_a
            on
                enheter.aargang = tall_a.aargang
                and enheter.enhet_nr = tall_a.enhet_nr
                and tall_a.kilde = '{{ a[1] }}'
                and tall_a.maal = '{{ a[2] }}'
        left join tall as tall_b
            on
                enheter.aargang = tall_b.aargang
                and enheter.enhet_nr = tall_b.enhet_nr
                and tall_b.kilde = '{{ b[1] }}'
                and tall_b.maal = '{{ b[2] }}'
        where tall_a.maal is not null or tall_b.maal is not null

    ),

    -- Large: at least so many and at least so large a part of the greater figure. Both thresholds are rows of terskel.
    vurdert as (

        select
            par.*,
            case when par.stoerst > 0 then {{ andel('par.avvik', 'par.stoerst') }} end as avvik_relativ,
            abs(par.avvik) >= aarganger.minste_antall
            and 100 * abs(par.avvik) >= aarganger.minste_prosent * par.stoerst as stort_avvik
        from par
        inner join aarganger on par.aargang = aarganger.aargang

    ),

    avvik as (

        select
            *,
            case
                when avvik is not null then null
                when coalesce({{ a[0] }}_symbol, '') = '.' or coalesce({{ b[0] }}_symbol, '') = '.' then '.'
                else '..'
            end as avvik_symbol,
            case
                when avvik is null then 'ikke_sammenlignbar'
                when avvik = 0 then 'ingen'
                when not stort_avvik then 'lite'
                when avvik > 0 then 'stort_pluss'
                else 'stort_minus'
            end as avviksklasse
        from vurdert

    )
{%- endmacro %}
