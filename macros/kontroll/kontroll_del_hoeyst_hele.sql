{% macro kontroll_del_hoeyst_hele(svar, regler) %}
    select
        regler.regel_nr,
        del.kilde,
        del.aargang,
        del.enhet_nr,
        del.felt,
        del.rad_nr,
        del.antall as funnet,
        hele.felt as mot_felt,
        hele.antall as forventet,
        del.antall > hele.antall as utslag
    from {{ regler }} as regler
    inner join {{ svar }} as del
        on
            regler.kilde = del.kilde
            and regler.felt = del.felt
            and del.aargang >= regler.gyldig_fra
            and del.aargang <= coalesce(regler.gyldig_til, del.aargang)
    inner join {{ svar }} as hele
        on
            regler.mot_kilde = hele.kilde
            and del.aargang = hele.aargang
            and del.enhet_nr = hele.enhet_nr
            and regler.mot_felt = hele.felt
    where regler.form = 'del_hoeyst_hele' and del.antall is not null and hele.antall is not null
{% endmacro %}
