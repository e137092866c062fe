{% test r044_forskjellen_er_forklart_og_rest(model) %}
    with rader as (

        select * from {{ model }}

    ),

    typer as (

        select
            aargang,
            gruppetype,
            sum(enheter_svart) as enheter_svart,
            sum(enheter_svart_begge) as enheter_svart_begge,
            sum(enheter_uten_samsvar) as enheter_uten_samsvar,
            sum(avvik) as avvik,
            sum(forklart_foer_1994) as forklart_foer_1994
        from rader
        group by aargang, gruppetype

    ),

    landet as (

        select * from rader
        where gruppetype = 'alle'

    )

    select
        rader.aargang,
        rader.gruppetype,
        rader.gruppe,
        rader.avvik,
        rader.forklart_foer_1994,
        rader.rest
    from rader
    left join typer on rader.aargang = typer.aargang and rader.gruppetype = typer.gruppetype
    left join landet on rader.aargang = landet.aargang
    where
        (
            rader.avvik = rader.omsorgsboliger - rader.bygget_med_tilskudd
            and rader.avvik = rader.forklart_foer_1994 + rader.rest
            and rader.forklart_foer_1994 >= 0
            and typer.enheter_svart = landet.enheter_svart
            and typer.enheter_svart_begge = landet.enheter_svart_begge
            and typer.enheter_uten_samsvar = landet.enheter_uten_samsvar
            and typer.avvik = landet.avvik
            and typer.forklart_foer_1994 = landet.forklart_foer_1994
        ) is not true
{% endtest %}
