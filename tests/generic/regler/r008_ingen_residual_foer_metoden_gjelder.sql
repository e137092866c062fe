{% test r008_ingen_residual_foer_metoden_gjelder(model, metode_ledd) %}
    with foerste as (

        select
            metode,
            min(gyldig_fra) as foerste_aar
        from {{ metode_ledd }}
        group by metode

    )

    select
        figurer.aargang,
        figurer.enhet_nr,
        figurer.metode,
        figurer.antall as funnet,
        foerste.foerste_aar as forventet
    from {{ model }} as figurer
    left join foerste on figurer.metode = foerste.metode
    where figurer.antall is not null and (figurer.aargang >= foerste.foerste_aar) is not true
{% endtest %}
