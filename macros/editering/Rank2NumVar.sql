{% macro Rank2NumVar(relasjon, id, x, y, strata=none, antall=5, grense=none, identiske=false) %}
    {%- set egne = [
        'x', 'y', 'forhold', 'rang_x', 'rang_y', 'prosent_av_stratum_x', 'prosent_av_stratum_y',
        'stratum_nr'
    ] -%}
    {%- set kolonner = editering_kolonner('Rank2NumVar', egne, id, strata) -%}
    {%- do editering_navn('Rank2NumVar', 'x', x) -%}
    {%- do editering_navn('Rank2NumVar', 'y', y) -%}
    {%- do editering_tall('Rank2NumVar', 'antall', antall, 1, helt=true) -%}
    {%- if grense is not none -%}{%- do editering_tall('Rank2NumVar', 'grense', grense, 0) -%}{%- endif -%}
    {%- do editering_ja_nei('Rank2NumVar', 'identiske', identiske) -%}
    with enheter as (

        select
            {{ kolonner | join(', ') }},
            {{ editering_flyttall(x) }} as x,
            {{ editering_flyttall(y) }} as y,
            {{ editering_nummer(strata) }} as stratum_nr
        from {{ relasjon }} as grunnlag
        {%- if identiske %}
        where {{ x }} is not null and {{ y }} is not null
        {%- endif %}

    ),

    strata as (

        select
            stratum_nr,
            {{ ordnet_sum('x') }} as sum_x,
            {{ ordnet_sum('y') }} as sum_y
        from enheter
        group by stratum_nr

    ),

    -- Of two equal figures, the one whose other figure is larger comes first.
    rangert as (

        select
            *,
            case
                when x is not null
                    then
                        row_number() over (
                            partition by stratum_nr
                            order by x desc nulls last, y desc nulls last, {{ editering_rekkefoelge(id) }}
                        )
            end as rang_x,
            case
                when y is not null
                    then
                        row_number() over (
                            partition by stratum_nr
                            order by y desc nulls last, x desc nulls last, {{ editering_rekkefoelge(id) }}
                        )
            end as rang_y
        from enheter

    )

    select
        {% for kolonne in kolonner %}rangert.{{ kolonne }}, {% endfor %}
        rangert.x,
        rangert.y,
        {{ kvotient('rangert.y', 'rangert.x') }} as forhold,
        rangert.rang_x,
        rangert.rang_y,
        100 * {{ kvotient('rangert.x', 'strata.sum_x') }} as prosent_av_stratum_x,
        100 * {{ kvotient('rangert.y', 'strata.sum_y') }} as prosent_av_stratum_y
    from rangert
    inner join strata on rangert.stratum_nr = strata.stratum_nr
    {%- if grense is none %}
    where rangert.rang_x <= {{ antall }} or rangert.rang_y <= {{ antall }}
    {%- else %}
    where rangert.x > {{ editering_flyttall(grense) }} or rangert.y > {{ editering_flyttall(grense) }}
    {%- endif %}
{% endmacro %}
