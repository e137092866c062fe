{% test r049_r_er_en_minus_to_standardavvik(model) %}
    with klasser as (

        select
            aargang,
            variabel,
            sum(delindikator * delindikator) as kvadratsum
        from {{ model }}
        where gruppe <> 'alle'
        group by aargang, variabel

    ),

    variabler as (

        select * from {{ model }}
        where gruppe = 'alle'

    )

    select
        coalesce(variabler.aargang, klasser.aargang) as aargang,
        coalesce(variabler.variabel, klasser.variabel) as variabel,
        variabler.r_indikator,
        variabler.standardavvik,
        variabler.delindikator,
        klasser.kvadratsum
    from variabler
    full outer join klasser on variabler.aargang = klasser.aargang and variabler.variabel = klasser.variabel
    where
        (abs(klasser.kvadratsum - variabler.delindikator * variabler.delindikator) <= 0.00001) is not true
        or (
            variabler.r_indikator is not null
            and (
                abs(variabler.r_indikator - 1 + 2 * variabler.standardavvik) <= 0.000002
                and variabler.standardavvik >= variabler.delindikator
            ) is not true
        )
{% endtest %}
