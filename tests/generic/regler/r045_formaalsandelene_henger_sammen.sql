{% test r045_formaalsandelene_henger_sammen(model, formaal) %}
    {#- A rounded figure is half a millionth off, so a sum of three or four at most two. -#}
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
            gruppetype,
            gruppe,
            count(*) as formaal,
            sum(antall) as antall
        from rader
        group by aargang, gruppetype, gruppe

    )

    select
        rader.aargang,
        rader.gruppetype,
        rader.gruppe,
        rader.formaal,
        rader.andel,
        rader.differanse
    from rader
    cross join antall_formaal
    left join grupper
        on
            rader.aargang = grupper.aargang
            and rader.gruppetype = grupper.gruppetype
            and rader.gruppe = grupper.gruppe
    where
        (grupper.formaal = antall_formaal.formaal and grupper.antall = rader.boliger_i_alt) is not true
        or (
            rader.andel is not null
            and (
                rader.andel = {{ andel('rader.antall', 'rader.boliger_i_alt') }}
                and rader.standardfeil >= 0
                and abs(rader.nedre + rader.oevre - 2 * rader.andel) <= 0.000002
            ) is not true
        )
        or (
            rader.differanse is not null
            and (
                abs(rader.andel - rader.andel_andre - rader.differanse) <= 0.000002
                and rader.differanse_standardfeil >= rader.standardfeil
                and abs(rader.differanse_nedre + rader.differanse_oevre - 2 * rader.differanse) <= 0.000002
            ) is not true
        )
{% endtest %}
