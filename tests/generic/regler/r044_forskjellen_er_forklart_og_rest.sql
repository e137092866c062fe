{% test r044_forskjellen_er_forklart_og_rest(model) %}
    with grupper as (

        select
            aargang,
            gruppetype,
            sum(enheter_svart) as enheter_svart,
            sum(enheter_svart_begge) as enheter_svart_begge,
            sum(enheter_uten_samsvar) as enheter_uten_samsvar,
            sum(avvik) as avvik,
            sum(forklart_foer_1994) as forklart_foer_1994
        from {{ model }}
        group by aargang, gruppetype

    ),

    landet as (

        select * from {{ model }}
        where gruppetype = 'alle'

    ),

    feil as (

        select
            aargang,
            gruppetype,
            gruppe,
            'ikke forklart og rest' as melding
        from {{ model }}
        where
            (
                avvik = omsorgsboliger - bygget_med_tilskudd
                and avvik = forklart_foer_1994 + rest
                and forklart_foer_1994 >= 0
            ) is not true

        union all

        select
            grupper.aargang,
            grupper.gruppetype,
            'alle' as gruppe,
            'gruppene summerer ikke til landet' as melding
        from grupper
        left join landet on grupper.aargang = landet.aargang
        where
            (
                grupper.enheter_svart = landet.enheter_svart
                and grupper.enheter_svart_begge = landet.enheter_svart_begge
                and grupper.enheter_uten_samsvar = landet.enheter_uten_samsvar
                and grupper.avvik = landet.avvik
                and grupper.forklart_foer_1994 = landet.forklart_foer_1994
            ) is not true

    )

    select * from feil
{% endtest %}
