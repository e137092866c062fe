{% test r032_aarsakene_summerer_til_de_store_avvikene(model, avvik) %}
    with aarsaker as (

        select
            aargang,
            sum(forklart) as forklart,
            sum(forklart_pluss) as pluss,
            sum(forklart_minus) as minus
        from {{ model }}
        group by aargang

    ),

    avvik as (

        select
            aargang,
            sum(case when stort_avvik then greatest(avvik, 0) else 0 end) as pluss,
            sum(case when stort_avvik then greatest(-avvik, 0) else 0 end) as minus
        from {{ avvik }}
        where enhet_type = 'kommune'
        group by aargang

    )

    select
        coalesce(aarsaker.aargang, avvik.aargang) as aargang,
        aarsaker.forklart,
        aarsaker.pluss,
        aarsaker.minus,
        avvik.pluss as avvik_pluss,
        avvik.minus as avvik_minus
    from aarsaker
    full outer join avvik on aarsaker.aargang = avvik.aargang
    where
        (
            aarsaker.pluss = avvik.pluss
            and aarsaker.minus = avvik.minus
            and aarsaker.forklart = avvik.pluss + avvik.minus
        ) is not true
{% endtest %}
