{% macro ImputeHistory(relasjon, id, periode, y) %}
    {%- set egne = [
        'y', 'x', 'x_periode', 'kategori', 'er_imputert', 'y_imputert', 'enhet_lnr', 'tidligere'
    ] -%}
    {%- set kolonner = editering_kolonner('ImputeHistory', egne, id) -%}
    {%- do editering_navn('ImputeHistory', 'periode', periode) -%}
    {%- do editering_navn('ImputeHistory', 'y', y) -%}
    {%- do editering_ulike('ImputeHistory', egne, [periode]) -%}
    {%- if periode in id -%}
        {{ exceptions.raise_compiler_error(
            "ImputeHistory: id must be the unit without its period, found '" ~ periode ~ "' in it."
        ) }}
    {%- endif -%}
    with enheter as (

        select
            {{ kolonner | join(', ') }},
            {{ periode }},
            {{ editering_flyttall(y) }} as y,
            {{ editering_nummer(kolonner) }} as enhet_lnr
        from {{ relasjon }} as grunnlag

    ),

    -- How many periods with a value there are before this one is the number of the latest of them.
    talt as (

        select
            *,
            count(y) over (
                partition by enhet_lnr order by {{ periode }} rows between unbounded preceding and 1 preceding
            ) as tidligere
        from enheter

    ),

    kjente as (

        select
            enhet_lnr,
            {{ periode }} as x_periode,
            y as x,
            row_number() over (partition by enhet_lnr order by {{ periode }}) as nummer
        from enheter
        where y is not null

    )

    select
        {% for kolonne in kolonner %}talt.{{ kolonne }}, {% endfor %}
        talt.{{ periode }},
        talt.y,
        kjente.x,
        kjente.x_periode,
        case when talt.y is not null then 1 when kjente.x is not null then 3 else 0 end as kategori,
        talt.y is null and kjente.x is not null as er_imputert,
        coalesce(talt.y, kjente.x) as y_imputert
    from talt
    left join kjente on talt.enhet_lnr = kjente.enhet_lnr and talt.tidligere = kjente.nummer
{% endmacro %}
