{% test r002_herav_summerer_til_privat_eid(model) %}
    with former as (

        select
            aargang,
            enhet_nr,
            max(case when disposisjonsform = 'privat_eid_disposisjonsrett' then antall end) as privat_eid,
            max(case when disposisjonsform = 'brukereid' then antall end) as brukereid,
            max(case when disposisjonsform = 'privat_utleid' then antall end) as privat_utleid
        from {{ model }}
        group by aargang, enhet_nr

    )

    select
        aargang,
        enhet_nr,
        privat_utleid as funnet,
        privat_eid - brukereid as forventet
    from former
    where
        (privat_utleid is not null or (privat_eid is not null and brukereid is not null))
        and (brukereid + privat_utleid = privat_eid) is not true
{% endtest %}
