{% macro Hb(relasjon, id, x1, x2, strata=none, pU=0.5, pA=0.05, pC=20) %}
    {%- set egne = [
        'x1', 'x2', 'maks_x', 'forhold', 'nedre_grense', 'oevre_grense', 'median_forhold', 'er_utenfor',
        'stratum_nr', 'antall_par', 'antall_like', 'vekt', 'avstand'
    ] -%}
    {%- set kolonner = editering_kolonner('Hb', egne, id, strata) -%}
    {%- do editering_navn('Hb', 'x1', x1) -%}
    {%- do editering_navn('Hb', 'x2', x2) -%}
    {%- do editering_tall('Hb', 'pU', pU, 0, 1) -%}
    {%- do editering_tall('Hb', 'pA', pA, 0, 1) -%}
    {%- do editering_tall('Hb', 'pC', pC, 0) -%}
    {%- set p_u, p_a, p_c = editering_flyttall(pU), editering_flyttall(pA), editering_flyttall(pC) -%}
    {%- set er_med = 'x1 > 0 and x2 > 0 and (x1 <> x2 or 2 * antall_like < antall_par)' -%}
    with enheter as (

        select
            {{ kolonner | join(', ') }},
            {{ editering_flyttall(x1) }} as x1,
            {{ editering_flyttall(x2) }} as x2,
            {{ editering_nummer(strata) }} as stratum_nr
        from {{ relasjon }} as grunnlag

    ),

    par as (

        select
            *,
            sum(case when x1 > 0 and x2 > 0 then 1 else 0 end) over (partition by stratum_nr) as antall_par,
            sum(case when x1 > 0 and x1 = x2 then 1 else 0 end) over (partition by stratum_nr) as antall_like
        from enheter

    ),

    -- Only figures above zero are compared; equal ones only where they are less than half of the stratum.
    sammenlignet as (

        select
            *,
            case when {{ er_med }} then {{ kvotient('x1', 'x2') }} end as forhold,
            case when {{ er_med }} then greatest(x1, x2) end as maks_x
        from par

    ),

    medianer as (

        select
            stratum_nr,
            {{ persentil('forhold', 0.5) }} as median_forhold
        from sammenlignet
        group by stratum_nr

    ),

    -- The distance from the median, the same whether a figure doubled or was halved, heavier for large units.
    avstander as (

        select
            sammenlignet.*,
            medianer.median_forhold,
            power(sammenlignet.maks_x, {{ p_u }}) as vekt,
            case
                when sammenlignet.forhold >= medianer.median_forhold
                    then {{ kvotient('sammenlignet.forhold', 'medianer.median_forhold') }} - 1
                else 1 - {{ kvotient('medianer.median_forhold', 'sammenlignet.forhold') }}
            end
            * power(sammenlignet.maks_x, {{ p_u }}) as avstand
        from sammenlignet
        inner join medianer on sammenlignet.stratum_nr = medianer.stratum_nr

    ),

    kvartiler as (

        select
            stratum_nr,
            {{ persentil('avstand', 0.25) }} as nedre,
            {{ persentil('avstand', 0.5) }} as midtre,
            {{ persentil('avstand', 0.75) }} as oevre
        from avstander
        group by stratum_nr

    ),

    ytterst as (

        select
            stratum_nr,
            midtre - {{ p_c }} * greatest(
                midtre - nedre, case when midtre <> 0 then abs(midtre * {{ p_a }}) else {{ p_a }} end
            ) as nedre_avstand,
            midtre + {{ p_c }} * greatest(
                oevre - midtre, case when midtre <> 0 then abs(midtre * {{ p_a }}) else {{ p_a }} end
            ) as oevre_avstand
        from kvartiler

    ),

    grenser as (

        select
            avstander.*,
            {{ kvotient('avstander.median_forhold * avstander.vekt', 'avstander.vekt - ytterst.nedre_avstand') }}
                as nedre_grense,
            {{ kvotient('avstander.median_forhold * (avstander.vekt + ytterst.oevre_avstand)', 'avstander.vekt') }}
                as oevre_grense
        from avstander
        inner join ytterst on avstander.stratum_nr = ytterst.stratum_nr

    )

    select
        {{ kolonner | join(', ') }},
        x1,
        x2,
        maks_x,
        forhold,
        nedre_grense,
        oevre_grense,
        case when forhold is not null then median_forhold end as median_forhold,
        forhold < nedre_grense or forhold > oevre_grense as er_utenfor
    from grenser
{% endmacro %}
