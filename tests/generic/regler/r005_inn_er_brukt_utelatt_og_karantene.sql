{% test r005_inn_er_brukt_utelatt_og_karantene(model) %}
    select
        kilde,
        aargang,
        enhet_nr,
        antall_brukt + antall_utelatt + antall_karantene as funnet,
        antall_inn as forventet
    from {{ model }}
    where (antall_inn = antall_brukt + antall_utelatt + antall_karantene) is not true
{% endtest %}
