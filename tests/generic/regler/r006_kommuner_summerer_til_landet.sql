{% test r006_kommuner_summerer_til_landet(model) %}
    with kommuner as (

        select
            aargang,
            indikator,
            sum(teller) as teller,
            sum(nevner) as nevner,
            count(teller) as enheter
        from {{ model }}
        where region_type = 'kommune'
        group by aargang, indikator

    ),

    land as (

        select
            aargang,
            indikator,
            teller,
            nevner,
            enheter_med_tall
        from {{ model }}
        where region_type = 'land'

    )

    select
        coalesce(kommuner.aargang, land.aargang) as aargang,
        coalesce(kommuner.indikator, land.indikator) as indikator,
        land.teller as funnet,
        kommuner.teller as forventet
    from kommuner
    full outer join land on kommuner.aargang = land.aargang and kommuner.indikator = land.indikator
    where
        kommuner.indikator is null
        or land.indikator is null
        or kommuner.teller is distinct from land.teller
        or kommuner.nevner is distinct from land.nevner
        or (kommuner.enheter = land.enheter_med_tall) is not true
{% endtest %}
