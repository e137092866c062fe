{% test r007_bydeler_summerer_til_byen(model) %}
    with bydeler as (

        select
            aargang,
            komm_nr,
            felt,
            sum(antall) as sum_bydeler
        from {{ model }}
        where enhet_type = 'bydel'
        group by aargang, komm_nr, felt
        having count(antall) = count(*)

    )

    select
        bydeler.aargang,
        bydeler.komm_nr as enhet_nr,
        bydeler.felt,
        bydeler.sum_bydeler as funnet,
        byer.antall as forventet
    from bydeler
    left join {{ model }} as byer
        on
            bydeler.aargang = byer.aargang
            and bydeler.komm_nr = byer.enhet_nr
            and bydeler.felt = byer.felt
    where
        byer.enhet_nr is null
        or (byer.antall is not null and (byer.antall = bydeler.sum_bydeler) is not true)
{% endtest %}
