{% macro Diff2NumVar(relasjon, id, x, y, strata=none, antall=5, grense=none, datasett=none) %}
    {%- set egne = [
        'x', 'y', 'forhold', 'differanse', 'absolutt_differanse', 'prosent_av_x', 'prosent_av_stratum_x',
        'prosent_av_alle_x', 'stratum_prosent_av_stratum_x', 'stratum_prosent_av_alle_x',
        'andel_av_stratum_differanse', 'andel_av_alle_differanse', 'rang', 'stratum_nr', 'datasett_nr'
    ] -%}
    {%- set kolonner = editering_kolonner('Diff2NumVar', egne, id, strata, datasett) -%}
    {%- do editering_navn('Diff2NumVar', 'x', x) -%}
    {%- do editering_navn('Diff2NumVar', 'y', y) -%}
    {%- do editering_tall('Diff2NumVar', 'antall', antall, 1, helt=true) -%}
    {%- if grense is not none -%}{%- do editering_tall('Diff2NumVar', 'grense', grense, 0) -%}{%- endif -%}
    with enheter as (

        select
            {{ kolonner | join(', ') }},
            {{ editering_flyttall(x) }} as x,
            {{ editering_flyttall(y) }} as y,
            {{ editering_flyttall(y) }} - {{ editering_flyttall(x) }} as differanse,
            {{ editering_nummer(((datasett or []) + (strata or [])) | unique | list) }} as stratum_nr,
            {{ editering_nummer(datasett) }} as datasett_nr
        from {{ relasjon }} as grunnlag
        where {{ x }} is not null and {{ y }} is not null

    ),

    strata as (

        select
            stratum_nr,
            {{ ordnet_sum('x') }} as sum_x,
            {{ ordnet_sum('differanse') }} as sum_differanse,
            {{ ordnet_sum('abs(differanse)') }} as sum_absolutt
        from enheter
        group by stratum_nr

    ),

    datasett as (

        select
            datasett_nr,
            {{ ordnet_sum('x') }} as sum_x,
            {{ ordnet_sum('abs(differanse)') }} as sum_absolutt
        from enheter
        group by datasett_nr

    ),

    -- Of two equal differences, the one that is the larger part of x comes first.
    rangert as (

        select
            *,
            row_number() over (
                partition by stratum_nr
                order by abs(differanse) desc nulls last, abs(x), {{ editering_rekkefoelge(id) }}
            ) as rang
        from enheter

    )

    select
        {% for kolonne in kolonner %}rangert.{{ kolonne }}, {% endfor %}
        rangert.x,
        rangert.y,
        {{ kvotient('rangert.y', 'rangert.x') }} as forhold,
        rangert.differanse,
        abs(rangert.differanse) as absolutt_differanse,
        100 * {{ kvotient('rangert.differanse', 'rangert.x') }} as prosent_av_x,
        100 * {{ kvotient('rangert.differanse', 'strata.sum_x') }} as prosent_av_stratum_x,
        100 * {{ kvotient('rangert.differanse', 'datasett.sum_x') }} as prosent_av_alle_x,
        100 * {{ kvotient('strata.sum_differanse', 'strata.sum_x') }} as stratum_prosent_av_stratum_x,
        100 * {{ kvotient('strata.sum_differanse', 'datasett.sum_x') }} as stratum_prosent_av_alle_x,
        {{ kvotient('abs(rangert.differanse)', 'strata.sum_absolutt') }} as andel_av_stratum_differanse,
        {{ kvotient('abs(rangert.differanse)', 'datasett.sum_absolutt') }} as andel_av_alle_differanse,
        rangert.rang
    from rangert
    inner join strata on rangert.stratum_nr = strata.stratum_nr
    inner join datasett on rangert.datasett_nr = datasett.datasett_nr
    {%- if grense is none %}
    where rangert.rang <= {{ antall }}
    {%- else %}
    where abs(rangert.differanse) > {{ editering_flyttall(grense) }}
    {%- endif %}
{% endmacro %}
