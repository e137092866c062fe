{% test r011_nevnerne_summerer_til_landets_folketall(model, folketall) %}
    with nevnere as (

        select
            aargang,
            sum(folketall) as folketall
        from {{ model }}
        group by aargang

    ),

    landet as (

        select
            aar - 1 as aargang,
            sum(folketall) as folketall
        from {{ folketall }}
        group by aar

    )

    select
        nevnere.aargang,
        nevnere.folketall as funnet,
        landet.folketall as forventet
    from nevnere
    left join landet on nevnere.aargang = landet.aargang
    where (nevnere.folketall = landet.folketall) is not true
{% endtest %}
