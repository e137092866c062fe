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
        noen.antall as forventet
    from {{ regler }} as regler
    inner join {{ ref('terskel') }} as grenser on regler.terskel = grenser.terskel
    inner join {{ svar }} as ingen
        on
            regler.kilde = ingen.kilde
            and regler.felt = ingen.felt
            and ingen.aargang >= regler.gyldig_fra
            and ingen.aargang <= coalesce(regler.gyldig_til, ingen.aargang)
            and ingen.aargang >= grenser.gyldig_fra
            and ingen.aargang <= coalesce(grenser.gyldig_til, ingen.aargang)
    inner join {{ svar }} as noen
        on
            regler.mot_kilde = noen.kilde
            and ingen.aargang = noen.aargang
            and ingen.enhet_nr = noen.enhet_nr
            and regler.mot_felt = noen.felt
    where regler.form = 'ingen_ved_siden_av' and ingen.antall = 0 and noen.antall >= grenser.verdi
{% endmacro %}
