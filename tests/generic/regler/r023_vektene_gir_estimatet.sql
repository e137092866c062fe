{% test r023_vektene_gir_estimatet(model, vekter, enheter) %}
    {#- Weights and answers have six decimals, so the sums may differ in the first. -#}
    {%- set toleranse = '0.1' -%}
    with veid as (

        select
            vekter.aargang,
            enheter.formaal,
            sum(vekter.ratevekt * enheter.svar) as rate,
            sum(vekter.designvekt * enheter.svar) as ekspansjon
        from {{ vekter }} as vekter
        inner join {{ enheter }} as enheter
            on vekter.aargang = enheter.aargang and vekter.enhet_nr = enheter.enhet_nr
        group by vekter.aargang, enheter.formaal

    ),

    land as (

        select
            aargang,
            formaal,
            antall,
            ekspansjon
        from {{ model }}
        where gruppetype = 'land'

    )

    select
        coalesce(veid.aargang, land.aargang) as aargang,
        coalesce(veid.formaal, land.formaal) as formaal,
        veid.rate as funnet,
        land.antall as forventet
    from veid
    full outer join land on veid.aargang = land.aargang and veid.formaal = land.formaal
    where
        (
            abs(veid.rate - land.antall) <= {{ toleranse }}
            and abs(veid.ekspansjon - land.ekspansjon) <= {{ toleranse }}
        ) is not true
{% endtest %}
