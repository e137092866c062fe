{% test r043_bare_bekreftet_aarsak_avklarer(model, oppfolging, aarsaker) %}
    with tellende as (

        select distinct
            oppfolging.aargang,
            oppfolging.enhet_nr
        from {{ oppfolging }} as oppfolging
        inner join {{ aarsaker }} as aarsaker on oppfolging.aarsak_bekreftet = aarsaker.aarsak_kode
        where aarsaker.gjennomgang <> 'nei' and oppfolging.status in ('besvart', 'avsluttet')

    )

    select
        avvik.aargang,
        avvik.enhet_nr,
        avvik.stort_avvik,
        avvik.uavklart
    from {{ model }} as avvik
    left join tellende on avvik.aargang = tellende.aargang and avvik.enhet_nr = tellende.enhet_nr
    where avvik.stort_avvik and (avvik.uavklart or tellende.enhet_nr is not null) is not true
{% endtest %}
