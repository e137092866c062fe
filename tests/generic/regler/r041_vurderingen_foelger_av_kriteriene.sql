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
                when krav in ('minst', 'hoeyst') then 'oppfylt'
            end as forventet_resultat
        from {{ kriterier }}

    ),

    aar as (

        select
            aargang,
            sum(case when (resultat = forventet_resultat) is not true then 1 else 0 end) as feil_resultat,
            max(
                case
                    when forventet_resultat = 'ikke_oppfylt' and konsekvens = 'kan_ikke_brukes' then 3
                    when forventet_resultat = 'oppfylt' then 1
                    else 2
                end
            ) as grad
        from proevd
        group by aargang

    )

    select
        coalesce(vurderinger.aargang, aar.aargang) as aargang,
        vurderinger.vurdering as funnet,
        case aar.grad when 3 then 'kan_ikke_brukes' when 2 then 'kan_brukes_med_forbehold' else 'kan_brukes' end as forventet,
        aar.feil_resultat
    from {{ model }} as vurderinger
    full outer join aar on vurderinger.aargang = aar.aargang
    where
        (
            aar.feil_resultat = 0
            and vurderinger.vurdering
            = case aar.grad when 3 then 'kan_ikke_brukes' when 2 then 'kan_brukes_med_forbehold' else 'kan_brukes' end
        ) is not true
{% endtest %}
