{% test r041_vurderingen_foelger_av_kriteriene(model, kriterier) %}
    {#- Worked out anew from value, limit and consequence, not from the result that stands there. -#}
    with proevd as (

        select
            aargang,
            konsekvens,
            resultat,
            case
                when verdi is null or grense is null then '.'
                when (krav = 'minst' and verdi < grense) or (krav = 'hoeyst' and verdi > grense) then 'ikke_oppfylt'
                else 'oppfylt'
            end as forventet_resultat
        from {{ kriterier }}

    ),

    aar as (

        select
            aargang,
            count(case when resultat = forventet_resultat then 1 end) as riktige,
            count(*) as antall_kriterier,
            count(case when forventet_resultat = 'oppfylt' then 1 end) as oppfylt,
            count(case when forventet_resultat = 'ikke_oppfylt' and konsekvens = 'kan_ikke_brukes' then 1 end) as avgjoerende
        from proevd
        group by aargang

    ),

    forventet as (

        select
            aargang,
            riktige = antall_kriterier as resultatene_stemmer,
            case
                when avgjoerende > 0 then 'kan_ikke_brukes'
                when oppfylt = antall_kriterier then 'kan_brukes'
                else 'kan_brukes_med_forbehold'
            end as vurdering
        from aar

    )

    select
        coalesce(vurderinger.aargang, forventet.aargang) as aargang,
        vurderinger.vurdering as funnet,
        forventet.vurdering as forventet,
        forventet.resultatene_stemmer
    from {{ model }} as vurderinger
    full outer join forventet on vurderinger.aargang = forventet.aargang
    where (forventet.resultatene_stemmer and vurderinger.vurdering = forventet.vurdering) is not true
{% endtest %}
