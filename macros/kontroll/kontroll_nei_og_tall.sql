{% macro kontroll_nei_og_tall(svar, regler) %}
    select
        regler.regel_nr,
        tall.kilde,
        tall.aargang,
        tall.enhet_nr,
        tall.felt,
        tall.rad_nr,
        tall.antall as funnet,
        spoersmaal.felt as mot_felt,
        0 as forventet,
        tall.antall > 0 and spoersmaal.antall = 0 as utslag
    from {{ regler }} as regler
    inner join {{ svar }} as tall
        on
            regler.kilde = tall.kilde
            and regler.felt = tall.felt
            and tall.aargang >= regler.gyldig_fra
            and tall.aargang <= coalesce(regler.gyldig_til, tall.aargang)
    inner join {{ svar }} as spoersmaal
        on
            tall.kilde = spoersmaal.kilde
            and tall.aargang = spoersmaal.aargang
            and tall.enhet_nr = spoersmaal.enhet_nr
            and regler.mot_felt = spoersmaal.felt
    where regler.form = 'nei_og_tall' and tall.antall is not null and spoersmaal.antall is not null
{% endmacro %}
