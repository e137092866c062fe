{% test r016_bare_vedtak_om_bolig_telles(model) %}
    {#- Whatever the code is called, 12, 13 or 29: a dwelling decision is never taken for another service. -#}
    select *
    from {{ model }}
    where
        (status = 'brukt' and (tjenestegruppe = 'bolig') is not true)
        or (tjenestegruppe = 'bolig' and aarsak = 'annen_tjeneste')
{% endtest %}
