{% macro kontroll_kryss_og_tall(svar, regler) %}
    select
        regler.regel_nr,
        kryss.kilde,
        kryss.aargang,
        kryss.enhet_nr,
        kryss.felt,
        kryss.rad_nr,
        count(*) as funnet,
        cast(null as varchar(10)) as mot_felt,
        0 as forventet
    from {{ regler }} as regler
    inner join {{ svar }} as kryss
        on
            regler.kilde = kryss.kilde
            and regler.felt = kryss.felt
            and kryss.aargang >= regler.gyldig_fra
            and kryss.aargang <= coalesce(regler.gyldig_til, kryss.aargang)
    inner join {{ svar }} as tall
        on
            kryss.kilde = tall.kilde
            and kryss.aargang = tall.aargang
            and kryss.enhet_nr = tall.enhet_nr
            and tall.datatype = 'heltall'
    where regler.form = 'kryss_og_tall' and kryss.antall = 1 and tall.antall > 0
    group by regler.regel_nr, kryss.kilde, kryss.aargang, kryss.enhet_nr, kryss.felt, kryss.rad_nr
{% endmacro %}
