{% macro Quartile(relasjon, id, x1, y1, strata=none, pKL=1.5, pKU=1.5) %}
    {%- set egne = [
        'x1', 'y1', 'forhold', 'forhold_stratum', 'nedre_grense', 'oevre_grense', 'er_utenfor', 'stratum_nr'
    ] -%}
    {%- set kolonner = editering_kolonner('Quartile', egne, id, strata) -%}
    {%- do editering_navn('Quartile', 'x1', x1) -%}
    {%- do editering_navn('Quartile', 'y1', y1) -%}
    {%- do editering_tall('Quartile', 'pKL', pKL, 0) -%}
    {%- do editering_tall('Quartile', 'pKU', pKU, 0) -%}
    with enheter as (

        select
            {{ kolonner | join(', ') }},
            {{ editering_flyttall(x1) }} as x1,
            {{ editering_flyttall(y1) }} as y1,
            {{ editering_nummer(strata) }} as stratum_nr
        from {{ relasjon }} as grunnlag

    ),

    -- Only figures above zero are compared.
    sammenlignet as (

        select
            *,
            case when x1 > 0 and y1 > 0 then {{ kvotient('x1', 'y1') }} end as forhold
        from enheter

    ),

    kvartiler as (

        select
            stratum_nr,
            {{ persentil('forhold', 0.25) }} as nedre,
            {{ persentil('forhold', 0.5) }} as midtre,
            {{ persentil('forhold', 0.75) }} as oevre,
            {{ kvotient(
                ordnet_sum('case when forhold is not null then x1 end'),
                ordnet_sum('case when forhold is not null then y1 end')
            ) }} as forhold_stratum
        from sammenlignet
        group by stratum_nr

    ),

    grenser as (

        select
            sammenlignet.*,
            kvartiler.forhold_stratum,
            kvartiler.nedre - {{ editering_flyttall(pKL) }} * (kvartiler.midtre - kvartiler.nedre) as nedre_grense,
            kvartiler.oevre + {{ editering_flyttall(pKU) }} * (kvartiler.oevre - kvartiler.midtre) as oevre_grense
        from sammenlignet
        inner join kvartiler on sammenlignet.stratum_nr = kvartiler.stratum_nr

    )

    select
        {{ kolonner | join(', ') }},
        x1,
        y1,
        forhold,
        forhold_stratum,
        nedre_grense,
        oevre_grense,
        forhold < nedre_grense or forhold > oevre_grense as er_utenfor
    from grenser
{% endmacro %}
