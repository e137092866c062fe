{% test r021_estimatet_summerer_til_beholdningen(model) %}
    select
        aargang,
        gruppetype,
        gruppe,
        sum(antall) as funnet,
        max(boliger) as forventet
    from {{ model }}
    group by aargang, gruppetype, gruppe
    having (sum(antall) = max(boliger) and min(boliger) = max(boliger) and count(*) = 3) is not true
{% endtest %}
