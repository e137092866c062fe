{% macro kontroll_ingen_ved_siden_av(svar, regler) %}
    select
        regler.regel_nr,
        ingen.kilde,
        ingen.aargang,
        ingen.enhet_nr,
        ingen.felt,
        ingen.rad_nr,
        ingen.antall as funnet,
        noen.felt as mot_felt,
        noen.antall as forventet,
        ingen.antall = 0 and noen.antall >= minste_antall.verdi as utslag
    from {{ regler }} as regler
    inner join {{ svar }} as ingen
        on
            regler.kilde = ingen.kilde
            and regler.felt = ingen.felt
            and ingen.aargang >= regler.gyldig_fra
            and ingen.aargang <= coalesce(regler.gyldig_til, ingen.aargang)
    inner join {{ svar }} as noen
        on
            regler.mot_kilde = noen.kilde
            and ingen.aargang = noen.aargang
            and ingen.enhet_nr = noen.enhet_nr
            and regler.mot_felt = noen.felt
    inner join {{ ref('terskel') }} as minste_antall
        on
            regler.terskel_antall = minste_antall.terskel
            and ingen.aargang >= minste_antall.gyldig_fra
            and ingen.aargang <= coalesce(minste_antall.gyldig_til, ingen.aargang)
    where regler.form = 'ingen_ved_siden_av' and ingen.antall is not null and noen.antall is not null
{% endmacro %}
