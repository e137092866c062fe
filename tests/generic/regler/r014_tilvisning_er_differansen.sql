{% test r014_tilvisning_er_differansen(model) %}
    select *
    from {{ model }}
    where
        (
            antall = privat_eid_disposisjonsrett - brukereid
            or (antall is null and (privat_eid_disposisjonsrett is null or brukereid is null))
        ) is not true
        or antall > privat_eid_disposisjonsrett
{% endtest %}
