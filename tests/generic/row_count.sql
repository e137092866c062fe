{% test row_count(model, expected) %}
    with tall as (

        select count(*) as antall_rader
        from {{ model }}

    )

    select
        antall_rader,
        {{ expected }} as forventet
    from tall
    where (antall_rader = {{ expected }}) is not true
{% endtest %}
