{% test r017_beholdning_blandes_ikke_med_stroem(model, felter) %}
    select
        ledd.metode,
        ledd.formaal,
        ledd.kilde,
        ledd.maal,
        felter.tidsreferanse
    from {{ model }} as ledd
    left join {{ felter }} as felter
        on
            ledd.kilde = felter.kilde
            and ledd.maal = felter.felt
            and ledd.gyldig_fra >= felter.gyldig_fra
            and ledd.gyldig_fra <= coalesce(felter.gyldig_til, ledd.gyldig_fra)
    where (felter.tidsreferanse = 'beholdning_3112') is not true
{% endtest %}
