{% macro kontroll_ikke_levert(svar, regler) %}
    select
        regler.regel_nr,
        enheter.kilde,
        enheter.aargang,
        enheter.enhet_nr,
        enheter.felt,
        enheter.rad_nr,
        enheter.antall as funnet,
        cast(null as varchar(10)) as mot_felt,
        1 as forventet,
        enheter.antall = 0 as utslag
    from {{ regler }} as regler
    inner join {{ svar }} as enheter
        on
            regler.kilde = enheter.kilde
            and regler.felt = enheter.felt
            and enheter.aargang >= regler.gyldig_fra
            and enheter.aargang <= coalesce(regler.gyldig_til, enheter.aargang)
    where regler.form = 'ikke_levert' and enheter.antall is not null
{% endmacro %}
