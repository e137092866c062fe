{% test r031_forklart_og_uforklart_er_avviket(model, bevis) %}
    with bevis as (

        select
            aargang,
            enhet_nr,
            sum(forklart) as forklart,
            max(case when forklart between least(virkning, 0) and greatest(virkning, 0) then 0 else 1 end) as feil
        from {{ bevis }}
        group by aargang, enhet_nr

    )

    select
        avvik.aargang,
        avvik.enhet_nr,
        bevis.enhet_nr as enhet_med_bevis,
        avvik.avvik,
        avvik.forklart,
        avvik.uforklart,
        bevis.forklart as forklart_av_bevis
    from {{ model }} as avvik
    full outer join bevis on avvik.aargang = bevis.aargang and avvik.enhet_nr = bevis.enhet_nr
    where
        (
            (avvik.avvik is null and avvik.forklart is null and avvik.uforklart is null and bevis.forklart is null)
            or (
                avvik.forklart + avvik.uforklart = avvik.avvik
                and avvik.forklart = coalesce(bevis.forklart, 0)
                and avvik.forklart between least(avvik.avvik, 0) and greatest(avvik.avvik, 0)
            )
        ) is not true
        or bevis.feil = 1
{% endtest %}
