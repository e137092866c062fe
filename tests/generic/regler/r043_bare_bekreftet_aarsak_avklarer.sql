{% test r043_bare_bekreftet_aarsak_avklarer(model, oppfolging, aarsaker) %}
    with tellende as (

        select
            oppfolging.aargang,
            oppfolging.enhet_nr,
            count(*) as antall
        from {{ oppfolging }} as oppfolging
        inner join {{ aarsaker }} as aarsaker on oppfolging.aarsak_bekreftet = aarsaker.aarsak_kode
        where aarsaker.gjennomgang <> 'nei' and oppfolging.status not in ('ikke_kontaktet', 'kontaktet')
        group by oppfolging.aargang, oppfolging.enhet_nr

    )

    select
        avvik.aargang,
        avvik.enhet_nr,
        avvik.stort_avvik,
        avvik.uavklart
    from {{ model }} as avvik
    left join tellende on avvik.aargang = tellende.aargang and avvik.enhet_nr = tellende.enhet_nr
    where avvik.stort_avvik and (avvik.uavklart or tellende.antall > 0) is not true
{% endtest %}
