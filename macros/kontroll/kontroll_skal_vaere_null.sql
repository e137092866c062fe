{% macro kontroll_skal_vaere_null(svar, regler) %}
    select
        regler.regel_nr,
        antall.kilde,
        antall.aargang,
        antall.enhet_nr,
        antall.felt,
        antall.rad_nr,
        antall.antall as funnet,
        cast(null as varchar(10)) as mot_felt,
        0 as forventet,
        antall.antall > 0 as utslag
    from {{ regler }} as regler
    inner join {{ svar }} as antall
        on
            regler.kilde = antall.kilde
            and regler.felt = antall.felt
            and antall.aargang >= regler.gyldig_fra
            and antall.aargang <= coalesce(regler.gyldig_til, antall.aargang)
    where regler.form = 'skal_vaere_null' and antall.antall is not null
{% endmacro %}
