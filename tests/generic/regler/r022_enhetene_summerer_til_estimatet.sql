{% test r022_enhetene_summerer_til_estimatet(model, enheter) %}
    {#- Every way to split the country must give the same country, that of the municipalities. -#}
    with kommuner as (

        select
            aargang,
            formaal,
            sum(antall) as antall,
            sum(boliger) as boliger
        from {{ enheter }}
        group by aargang, formaal

    ),

    delinger as (

        select
            aargang,
            gruppetype,
            formaal,
            sum(antall) as antall,
            sum(boliger) as boliger
        from {{ model }}
        group by aargang, gruppetype, formaal

    )

    select
        coalesce(kommuner.aargang, delinger.aargang) as aargang,
        delinger.gruppetype,
        coalesce(kommuner.formaal, delinger.formaal) as formaal,
        delinger.antall as funnet,
        kommuner.antall as forventet
    from kommuner
    full outer join delinger on kommuner.aargang = delinger.aargang and kommuner.formaal = delinger.formaal
    where (kommuner.antall = delinger.antall and kommuner.boliger = delinger.boliger) is not true
{% endtest %}
