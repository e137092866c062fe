{% test r020_rettelsen_finner_den_gamle_verdien(model) %}
    select *
    from {{ model }}
    where (resultat in ('brukt', 'gjelder_annen_leveranse')) is not true
{% endtest %}
