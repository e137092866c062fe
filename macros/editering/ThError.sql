{% macro ThError(relasjon, id, x1, x2, ll=-2.5, ul=2.5) %}
    {%- set egne = [
        'x1', 'x2', 'differanse_log10', 'nedre_grense', 'oevre_grense', 'er_utenfor'
    ] -%}
    {%- set kolonner = editering_kolonner('ThError', egne, id) -%}
    {%- do editering_navn('ThError', 'x1', x1) -%}
    {%- do editering_navn('ThError', 'x2', x2) -%}
    {%- do editering_tall('ThError', 'll', ll, -3, 0) -%}
    {%- do editering_tall('ThError', 'ul', ul, 0, 3) -%}
    with enheter as (

        select
            {{ kolonner | join(', ') }},
            {{ editering_flyttall(x1) }} as x1,
            {{ editering_flyttall(x2) }} as x2
        from {{ relasjon }} as grunnlag

    ),

    differanser as (

        select
            *,
            case when x1 > 0 and x2 > 0 then log10(x1) - log10(x2) end as differanse_log10
        from enheter

    )

    select
        {{ kolonner | join(', ') }},
        x1,
        x2,
        differanse_log10,
        {{ editering_flyttall(ll) }} as nedre_grense,
        {{ editering_flyttall(ul) }} as oevre_grense,
        differanse_log10 < {{ editering_flyttall(ll) }} or differanse_log10 > {{ editering_flyttall(ul) }} as er_utenfor
    from differanser
{% endmacro %}
