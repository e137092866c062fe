{% test r034_alle_store_avvik_er_paa_arbeidslisten(model, avvik) %}
    with liste as (

        select
            aargang,
            enhet_nr,
            count(*) as rader,
            min(prioritet) as prioritet,
            min(case when oppfolging_status = 'ikke_kontaktet' then 1 else 2 end) as trinn
        from {{ model }}
        group by aargang, enhet_nr

    ),

    store as (

        select
            aargang,
            enhet_nr
        from {{ avvik }}
        where stort_avvik

    ),

    kontaktet_foer as (

        select
            aargang,
            min(prioritet) as prioritet
        from liste
        where trinn = 2
        group by aargang

    )

    select
        coalesce(liste.aargang, store.aargang) as aargang,
        coalesce(liste.enhet_nr, store.enhet_nr) as enhet_nr,
        liste.rader,
        liste.prioritet
    from store
    full outer join liste on store.aargang = liste.aargang and store.enhet_nr = liste.enhet_nr
    left join kontaktet_foer on liste.aargang = kontaktet_foer.aargang
    where
        (liste.rader = 1) is not true
        or (liste.trinn = 1 and liste.prioritet > kontaktet_foer.prioritet)
{% endtest %}
