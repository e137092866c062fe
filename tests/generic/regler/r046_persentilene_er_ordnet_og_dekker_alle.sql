{% test r046_persentilene_er_ordnet_og_dekker_alle(model, formaal) %}
    with rader as (

        select * from {{ model }}

    ),

    antall_formaal as (

        select count(*) as formaal
        from {{ formaal }}

    ),

    grupper as (

        select
            aargang,
            maal,
            gruppetype,
            gruppe,
            count(*) as formaal
        from rader
        group by aargang, maal, gruppetype, gruppe

    ),

    typer as (

        select
            aargang,
            maal,
            gruppetype,
            formaal,
            sum(enheter_i_alt) as enheter_i_alt
        from rader
        group by aargang, maal, gruppetype, formaal

    ),

    landet as (

        select * from rader
        where gruppetype = 'alle'

    )

    select
        rader.aargang,
        rader.maal,
        rader.gruppetype,
        rader.gruppe,
        rader.formaal,
        rader.p10,
        rader.median,
        rader.p90
    from rader
    cross join antall_formaal
    left join grupper
        on
            rader.aargang = grupper.aargang
            and rader.maal = grupper.maal
            and rader.gruppetype = grupper.gruppetype
            and rader.gruppe = grupper.gruppe
    left join typer
        on
            rader.aargang = typer.aargang
            and rader.maal = typer.maal
            and rader.gruppetype = typer.gruppetype
            and rader.formaal = typer.formaal
    left join landet
        on
            rader.aargang = landet.aargang
            and rader.maal = landet.maal
            and rader.formaal = landet.formaal
    where
        (grupper.formaal = antall_formaal.formaal and typer.enheter_i_alt = landet.enheter_i_alt) is not true
        or (
            rader.symbol is null
            and (rader.p10 >= 0 and rader.p10 <= rader.median and rader.median <= rader.p90) is not true
        )
{% endtest %}
