{% test r015_en_person_har_en_bolig(model) %}
    select
        aargang,
        person,
        count(*) as boliger
    from {{ model }}
    where bro_aarsak = 'brukt'
    group by aargang, person
    having count(*) > 1
{% endtest %}
