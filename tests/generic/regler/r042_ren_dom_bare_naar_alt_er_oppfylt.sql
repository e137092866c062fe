{% test r042_ren_dom_bare_naar_alt_er_oppfylt(model, kriterier) %}
    with aar as (

        select
            aargang,
            count(*) as antall_kriterier,
            count(case when resultat = 'oppfylt' then 1 end) as oppfylt
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
        and (aar.antall_kriterier - aar.oppfylt = 0) is not true
{% endtest %}
