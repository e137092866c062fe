{% test r024_regionene_summerer_enhetene(model, figurer) %}
    with kommuner as (

        select
            aargang,
            formaal,
            sum(antall) as antall,
            count(*) as enheter
        from {{ figurer }}
        where enhet_type = 'kommune'
        group by aargang, formaal

    ),

    delinger as (

        select
            aargang,
            formaal,
            region_type,
            sum(antall) as antall,
            sum(enheter) as enheter
        from {{ model }}
        where region_type in ('land', 'fylke', 'kostragruppe')
        group by aargang, formaal, region_type

    )

    select
        coalesce(kommuner.aargang, delinger.aargang) as aargang,
        delinger.region_type,
        delinger.antall as funnet,
        kommuner.antall as forventet
    from kommuner
    full outer join delinger on kommuner.aargang = delinger.aargang and kommuner.formaal = delinger.formaal
    where
        kommuner.antall is distinct from delinger.antall
        or (kommuner.enheter = delinger.enheter) is not true
{% endtest %}
