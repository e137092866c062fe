{% test r004_vanskeligstilte_er_residualen(model, beholdning) %}
    with ledd as (

        select
            aargang,
            enhet_nr,
            metode,
            max(case when formaal = 'helse_omsorg' then antall end) as helse_omsorg,
            max(case when formaal = 'uten_behovsproving' then antall end) as uten_behovsproving,
            max(case when formaal = 'vanskeligstilte' then antall end) as vanskeligstilte
        from {{ model }}
        where metode <> 'kmd'
        group by aargang, enhet_nr, metode

    )

    select
        ledd.aargang,
        ledd.enhet_nr,
        ledd.metode,
        ledd.vanskeligstilte as funnet,
        beholdninger.boliger_i_alt - ledd.helse_omsorg - ledd.uten_behovsproving as forventet
    from ledd
    left join {{ beholdning }} as beholdninger
        on ledd.aargang = beholdninger.aargang and ledd.enhet_nr = beholdninger.enhet_nr
    where
        ledd.vanskeligstilte
        is distinct from beholdninger.boliger_i_alt - ledd.helse_omsorg - ledd.uten_behovsproving
{% endtest %}
