{% macro AggrSml2NumVar(relasjon, x, y, strata=none, identiske=false, datasett=none) %}
    {%- for argument, verdi in [('strata', strata), ('datasett', datasett)] if verdi is not none -%}
        {%- do editering_navneliste('AggrSml2NumVar', argument, verdi) -%}
    {%- endfor -%}
    {%- do editering_navn('AggrSml2NumVar', 'x', x) -%}
    {%- do editering_navn('AggrSml2NumVar', 'y', y) -%}
    {%- do editering_ja_nei('AggrSml2NumVar', 'identiske', identiske) -%}
    {%- set egne = [
        'x', 'y', 'antall_x', 'antall_y', 'sum_x', 'sum_y', 'prosent_av_alle_x', 'prosent_av_alle_y', 'differanse',
        'absolutt_differanse', 'differanse_prosent_av_stratum_x', 'differanse_prosent_av_alle_x', 'datasett_nr'
    ] -%}
    {%- set kolonner = editering_ulike('AggrSml2NumVar', egne, (datasett or []) + (strata or [])) -%}
    with enheter as (

        select
            {% for kolonne in kolonner %}{{ kolonne }}, {% endfor %}
            {%- if identiske %}
            case when {{ y }} is not null then {{ editering_flyttall(x) }} end as x,
            case when {{ x }} is not null then {{ editering_flyttall(y) }} end as y,
            {%- else %}
            {{ editering_flyttall(x) }} as x,
            {{ editering_flyttall(y) }} as y,
            {%- endif %}
            {{ editering_nummer(datasett) }} as datasett_nr
        from {{ relasjon }} as grunnlag

    ),

    datasett as (

        select
            datasett_nr,
            {{ ordnet_sum('x') }} as sum_x,
            {{ ordnet_sum('y') }} as sum_y
        from enheter
        group by datasett_nr

    ),

    strata as (

        select
            {% for kolonne in kolonner %}{{ kolonne }}, {% endfor %}
            datasett_nr,
            count(x) as antall_x,
            count(y) as antall_y,
            {{ ordnet_sum('x') }} as sum_x,
            {{ ordnet_sum('y') }} as sum_y
        from enheter
        group by {% for kolonne in kolonner %}{{ kolonne }}, {% endfor %}datasett_nr

    )

    select
        {% for kolonne in kolonner %}strata.{{ kolonne }}, {% endfor %}
        strata.antall_x,
        strata.antall_y,
        strata.sum_x,
        strata.sum_y,
        100 * {{ kvotient('strata.sum_x', 'datasett.sum_x') }} as prosent_av_alle_x,
        100 * {{ kvotient('strata.sum_y', 'datasett.sum_y') }} as prosent_av_alle_y,
        strata.sum_y - strata.sum_x as differanse,
        abs(strata.sum_y - strata.sum_x) as absolutt_differanse,
        100 * {{ kvotient('strata.sum_y - strata.sum_x', 'strata.sum_x') }} as differanse_prosent_av_stratum_x,
        100 * {{ kvotient('strata.sum_y - strata.sum_x', 'datasett.sum_x') }} as differanse_prosent_av_alle_x
    from strata
    inner join datasett on strata.datasett_nr = datasett.datasett_nr
{% endmacro %}
