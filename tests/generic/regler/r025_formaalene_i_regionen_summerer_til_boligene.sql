{% test r025_formaalene_i_regionen_summerer_til_boligene(model) %}
    select
        aargang,
        region_nr,
        sum(antall) as funnet,
        max(boliger_med_tall) as forventet
    from {{ model }}
    group by aargang, region_nr
    having (coalesce(sum(antall), 0) = max(boliger_med_tall) and min(boliger_med_tall) = max(boliger_med_tall)) is not true
{% endtest %}
