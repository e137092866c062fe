{% test r046_persentilene_er_ordnet_og_dekker_alle(model, formaal) %}
    with antall_formaal as (

        select count(*) as formaal
        from {{ formaal }}

    ),

    grupper as (

        select
            aargang,
            gruppetype,
            gruppe,
            count(*) as rader,
            count(distinct maal) as maal,
            max(enheter_i_alt) as enheter_i_alt
        from {{ model }}
        group by aargang, gruppetype, gruppe

    ),

    typer as (

        select
            aargang,
            gruppetype,
            sum(enheter_i_alt) as enheter_i_alt,
            sum(sum(case when gruppetype = 'alle' then enheter_i_alt else 0 end)) over (partition by aargang) as landet
        from grupper
        group by aargang, gruppetype

    ),

    feil as (

        select
            aargang,
            gruppetype,
            gruppe,
            'persentilene er ikke ordnet' as melding
        from {{ model }}
        where symbol is null and (p10 >= 0 and p10 <= median and median <= p90) is not true

        union all

        select
            grupper.aargang,
            grupper.gruppetype,
            grupper.gruppe,
            'et mål eller et formål mangler' as melding
        from grupper
        cross join antall_formaal
        where (grupper.maal = 2 and grupper.rader = 2 * antall_formaal.formaal) is not true

        union all

        select
            aargang,
            gruppetype,
            'alle' as gruppe,
            'gruppene har ikke alle enhetene' as melding
        from typer
        where (enheter_i_alt = landet) is not true

    )

    select * from feil
{% endtest %}
