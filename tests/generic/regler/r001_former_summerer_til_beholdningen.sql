{% test r001_former_summerer_til_beholdningen(model, beholdning) %}
    with former as (

        select
            aargang,
            enhet_nr,
            sum(antall) as sum_former
        from {{ model }}
        where not er_herav
        group by aargang, enhet_nr
        having count(antall) = count(*)

    ),

    beholdninger as (

        select
            aargang,
            enhet_nr,
            boliger_i_alt,
            metode
        from {{ beholdning }}
        where boliger_i_alt is not null

    )

    select
        coalesce(former.aargang, beholdninger.aargang) as aargang,
        coalesce(former.enhet_nr, beholdninger.enhet_nr) as enhet_nr,
        former.sum_former as funnet,
        beholdninger.boliger_i_alt as forventet
    from former
    full outer join beholdninger
        on former.aargang = beholdninger.aargang and former.enhet_nr = beholdninger.enhet_nr
    where
        (former.sum_former = beholdninger.boliger_i_alt) is not true
        -- The entered total only stands in where a form is missing.
        and (former.enhet_nr is null and beholdninger.metode = 'oppgitt_total') is not true
{% endtest %}
