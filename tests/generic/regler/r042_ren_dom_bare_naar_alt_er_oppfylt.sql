{% test r042_ren_dom_bare_naar_alt_er_oppfylt(model, kriterier) %}
    with aar as (

        select
            aargang,
            count(*) as antall_kriterier,
            sum(case when resultat = 'oppfylt' then 1 else 0 end) as oppfylt
        from {{ kriterier }}
        group by aargang

    )

    select
        vurderinger.aargang,
        vurderinger.vurdering,
        aar.antall_kriterier,
        aar.oppfylt
    from {{ model }} as vurderinger
    left join aar on vurderinger.aargang = aar.aargang
    where
        vurderinger.vurdering = 'kan_brukes'
        and (aar.oppfylt = aar.antall_kriterier) is not true
{% endtest %}
