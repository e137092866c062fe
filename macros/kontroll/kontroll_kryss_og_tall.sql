{% macro kontroll_kryss_og_tall(svar, regler) %}
    select
        regler.regel_nr,
        kryss.kilde,
        kryss.aargang,
        kryss.enhet_nr,
        kryss.felt,
        kryss.rad_nr,
        sum(case when tall.antall > 0 then 1 else 0 end) as funnet,
        cast(null as varchar(10)) as mot_felt,
        0 as forventet,
        kryss.antall = 1 and max(tall.antall) > 0 as utslag
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
    where regler.form = 'kryss_og_tall' and kryss.antall is not null and tall.antall is not null
    group by regler.regel_nr, kryss.kilde, kryss.aargang, kryss.enhet_nr, kryss.felt, kryss.rad_nr, kryss.antall
{% endmacro %}
