{% test r030_broen_er_en_eksakt_sum(model) %}
    select *
    from {{ model }}
    where
        (
            iplos_personer_levert
            = iplos_personer + bro_ugyldig_id + bro_doed_foer_3112 + bro_annen_kommune
            or (
                iplos_personer_levert is null
                and iplos_personer is null
                and bro_ugyldig_id is null
                and bro_doed_foer_3112 is null
                and bro_annen_kommune is null
            )
        ) is not true
        or least(iplos_personer, bro_ugyldig_id, bro_doed_foer_3112, bro_annen_kommune) < 0
{% endtest %}
