{% test r003_formaal_summerer_til_beholdningen(model, beholdning) %}
    with formaal as (

        select
            aargang,
            enhet_nr,
            sum(antall) as sum_formaal,
            count(antall) as med_tall,
            count(*) as antall_formaal
        from {{ model }}
        group by aargang, enhet_nr

    )

    select
        formaal.aargang,
        formaal.enhet_nr,
        formaal.sum_formaal as funnet,
        beholdninger.boliger_i_alt as forventet
    from formaal
    left join {{ beholdning }} as beholdninger
        on formaal.aargang = beholdninger.aargang and formaal.enhet_nr = beholdninger.enhet_nr
    where
        formaal.med_tall > 0
        and (formaal.med_tall = formaal.antall_formaal and formaal.sum_formaal = beholdninger.boliger_i_alt) is not true
{% endtest %}
