{% test r010_inndelingen_har_riktig_antall_kommuner(model, kommune_antall) %}
    with funnet as (

        select
            aargang,
            count(*) as antall_kommuner,
            sum(case when folketall_anslaatt then 1 else 0 end) as anslaatte_nevnere
        from {{ model }}
        where enhet_type = 'kommune'
        group by aargang

    )

    select
        coalesce(funnet.aargang, forventet.aargang) as aargang,
        funnet.antall_kommuner,
        forventet.antall_kommuner as forventet_kommuner,
        funnet.anslaatte_nevnere,
        forventet.anslaatte_nevnere as forventet_anslaatte
    from funnet
    full outer join {{ kommune_antall }} as forventet on funnet.aargang = forventet.aargang
    where
        (
            funnet.antall_kommuner = forventet.antall_kommuner
            and funnet.anslaatte_nevnere = forventet.anslaatte_nevnere
        ) is not true
{% endtest %}
