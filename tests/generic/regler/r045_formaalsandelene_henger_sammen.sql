{% test r045_formaalsandelene_henger_sammen(model, formaal) %}
    {#- Rounded figures: a share may be half a millionth off, a difference of two one millionth. -#}
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
            sum(antall) as antall,
            min(boliger_i_alt) as minst,
            max(boliger_i_alt) as mest
        from {{ model }}
        group by aargang, gruppetype, gruppe

    ),

    feil as (

        select
            grupper.aargang,
            grupper.gruppetype,
            grupper.gruppe,
            'formålene er ikke til sammen boligene' as melding
        from grupper
        cross join antall_formaal
        where
            (
                grupper.rader = antall_formaal.formaal
                and grupper.antall = grupper.minst
                and grupper.minst = grupper.mest
            ) is not true

        union all

        select
            aargang,
            gruppetype,
            gruppe,
            'intervallet er ikke rundt tallet' as melding
        from {{ model }}
        where
            andel is not null
            and (
                abs(andel * boliger_i_alt - antall) <= 0.000001 * boliger_i_alt
                and standardfeil >= 0
                and abs(nedre + oevre - 2 * andel) <= 0.000003
                and oevre - nedre >= 3.9 * standardfeil - 0.000006
            ) is not true

        union all

        select
            aargang,
            gruppetype,
            gruppe,
            'differansen er ikke mellom andelene' as melding
        from {{ model }}
        where
            differanse is not null
            and (
                abs(andel - andel_andre - differanse) <= 0.000002
                and differanse_standardfeil >= standardfeil
                and abs(differanse_nedre + differanse_oevre - 2 * differanse) <= 0.000003
                and differanse_oevre - differanse_nedre >= 3.9 * differanse_standardfeil - 0.000006
            ) is not true

    )

    select * from feil
{% endtest %}
