{% macro ImputeRegression(
    relasjon, id, x, y, strata=none, method='ratio', limitModel=2.5, limitIterate=4.5, limitImpute=50, runder=3
) %}
    {%- set egne = [
        'x', 'y', 'beta', 'antall_i_modell', 'estimat', 'studentisert_residual', 'kategori', 'er_imputert',
        'y_imputert', 'stratum_nr', 'i_modell', 'avvik', 'skala', 'kvadratsum', 'avrunding', 'frihetsgrader',
        'residual', 'antall_igjen'
    ] -%}
    {%- set kolonner = editering_kolonner('ImputeRegression', egne, id, strata) -%}
    {%- do editering_navn('ImputeRegression', 'x', x) -%}
    {%- do editering_navn('ImputeRegression', 'y', y) -%}
    {%- if method != 'ratio' -%}
        {{ exceptions.raise_compiler_error(
            "ImputeRegression: method must be 'ratio', the only model here, found '" ~ method ~ "'."
        ) }}
    {%- endif -%}
    {%- do editering_tall('ImputeRegression', 'limitModel', limitModel, 0) -%}
    {%- do editering_tall('ImputeRegression', 'limitIterate', limitIterate, limitModel) -%}
    {%- do editering_tall('ImputeRegression', 'limitImpute', limitImpute, limitModel) -%}
    {%- do editering_tall('ImputeRegression', 'runder', runder, 0, 10, helt=true) -%}
    {%- set grense_runde = editering_flyttall(limitIterate) -%}
    {%- set grense_modell = editering_flyttall(limitModel) -%}
    with enheter_0 as (

        select
            {{ kolonner | join(', ') }},
            {{ editering_flyttall(x) }} as x,
            {{ editering_flyttall(y) }} as y,
            {{ editering_nummer(strata) }} as stratum_nr,
            case when {{ x }} > 0 and {{ y }} is not null then true else false end as i_modell
        from {{ relasjon }} as grunnlag

    ),

    {{ editering_ratiomodell(0) }},

    {% for runde in range(1, runder + 1) -%}
    -- Leaves out what lies far from the model, unless fewer than three would remain.
    enheter_{{ runde }} as (

        select
            {{ kolonner | join(', ') }},
            x,
            y,
            stratum_nr,
            i_modell
            and (
                coalesce(abs(residual) < {{ grense_runde }}, true)
                or sum(case when i_modell and coalesce(abs(residual) < {{ grense_runde }}, true) then 1 else 0 end)
                    over (partition by stratum_nr)
                < 3
            ) as i_modell
        from residualer_{{ runde - 1 }}

    ),

    {{ editering_ratiomodell(runde) }},

    {% endfor -%}
    igjen as (

        select
            *,
            sum(case when i_modell and coalesce(abs(residual) < {{ grense_modell }}, true) then 1 else 0 end)
                over (partition by stratum_nr) as antall_igjen
        from residualer_{{ runder }}

    ),

    -- 0 has no usable x; 3 is missing or wrong; 2 is right, but not like the others; 1 is what the model is made of.
    kategorisert as (

        select
            *,
            case
                when coalesce(x, 0) <= 0 then 0
                when y is null then 3
                when i_modell and antall_igjen < 3 then 1
                when abs(residual) >= {{ editering_flyttall(limitImpute) }} then 3
                when abs(residual) >= {{ grense_modell }} then 2
                when residual is null and i_modell is false then 2
                else 1
            end as kategori
        from igjen

    ),

    enheter_siste as (

        select
            {{ kolonner | join(', ') }},
            x,
            y,
            stratum_nr,
            kategori,
            kategori = 1 as i_modell
        from kategorisert

    ),

    {{ editering_ratiomodell('siste') }},

    estimert as (

        select
            *,
            case when x > 0 then beta * x end as estimat
        from residualer_siste

    )

    select
        {{ kolonner | join(', ') }},
        x,
        y,
        beta,
        antall_i_modell,
        estimat,
        residual as studentisert_residual,
        kategori,
        kategori = 3 and estimat is not null as er_imputert,
        case when kategori = 3 then estimat else y end as y_imputert
    from estimert
{% endmacro %}

{#- One fit: the CTEs from enheter_<nr> to residualer_<nr>. The residual is the distance from the model without the
    unit, over its standard error: x(1 - x/sum) is what a unit of the model has left, x(1 + x/sum) that of another.
    Where the others fit exactly there is nothing to measure by; what is left then is only rounding. -#}
{% macro editering_ratiomodell(nr) -%}
    summer_{{ nr }} as (

        select
            stratum_nr,
            count(*) as antall_i_modell,
            {{ ordnet_sum('x') }} as sum_x,
            {{ kvotient(ordnet_sum('y'), ordnet_sum('x')) }} as beta
        from enheter_{{ nr }}
        where i_modell
        group by stratum_nr

    ),

    avvik_{{ nr }} as (

        select
            enheter_{{ nr }}.*,
            summer_{{ nr }}.antall_i_modell,
            summer_{{ nr }}.beta,
            case
                when enheter_{{ nr }}.x > 0
                    then enheter_{{ nr }}.y - summer_{{ nr }}.beta * enheter_{{ nr }}.x
            end as avvik,
            case
                when enheter_{{ nr }}.x > 0
                    then
                        enheter_{{ nr }}.x * (
                            1
                            + case when enheter_{{ nr }}.i_modell then -1 else 1 end
                            * {{ kvotient('enheter_' ~ nr ~ '.x', 'summer_' ~ nr ~ '.sum_x') }}
                        )
            end as skala
        from enheter_{{ nr }}
        left join summer_{{ nr }} on enheter_{{ nr }}.stratum_nr = summer_{{ nr }}.stratum_nr

    ),

    kvadratsummer_{{ nr }} as (

        select
            stratum_nr,
            {{ ordnet_sum(kvotient('avvik * avvik', 'x')) }} as kvadratsum,
            {{ ordnet_sum(kvotient('y * y', 'x')) }} as kvadratsum_y
        from avvik_{{ nr }}
        where i_modell
        group by stratum_nr

    ),

    uten_enheten_{{ nr }} as (

        select
            avvik_{{ nr }}.*,
            greatest(
                {{ editering_flyttall(1e-13) }} * kvadratsummer_{{ nr }}.kvadratsum,
                {{ editering_flyttall(1e-24) }} * kvadratsummer_{{ nr }}.kvadratsum_y
            ) as avrunding,
            kvadratsummer_{{ nr }}.kvadratsum
            - case
                when avvik_{{ nr }}.i_modell
                    then {{ kvotient('avvik_' ~ nr ~ '.avvik * avvik_' ~ nr ~ '.avvik', 'avvik_' ~ nr ~ '.skala') }}
                else 0
            end as kvadratsum,
            avvik_{{ nr }}.antall_i_modell - case when avvik_{{ nr }}.i_modell then 2 else 1 end as frihetsgrader
        from avvik_{{ nr }}
        left join kvadratsummer_{{ nr }} on avvik_{{ nr }}.stratum_nr = kvadratsummer_{{ nr }}.stratum_nr

    ),

    residualer_{{ nr }} as (

        select
            *,
            case
                when frihetsgrader > 0 and kvadratsum > avrunding
                    then {{ kvotient('avvik', 'sqrt(' ~ kvotient('kvadratsum', 'frihetsgrader') ~ ' * skala)') }}
            end as residual
        from uten_enheten_{{ nr }}

    )
{%- endmacro %}
