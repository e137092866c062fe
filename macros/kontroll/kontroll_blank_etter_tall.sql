{% macro kontroll_blank_etter_tall(svar, regler, enheter) %}
    {#- A rule without a field holds for every number that has no such rule of its own. What is ticked as nothing to
        report (mot_felt) is no blank. -#}
    select
        regler.regel_nr,
        naa.kilde,
        naa.aargang,
        naa.enhet_nr,
        naa.felt,
        naa.rad_nr,
        naa.antall as funnet,
        cast(null as varchar(10)) as mot_felt,
        foer.antall as forventet,
        naa.antall is null and foer.antall > 0 as utslag
    from {{ regler }} as regler
    inner join {{ svar }} as naa
        on
            regler.kilde = naa.kilde
            and naa.datatype = 'heltall'
            and naa.aargang >= regler.gyldig_fra
            and naa.aargang <= coalesce(regler.gyldig_til, naa.aargang)
    inner join {{ enheter }} as enheter on naa.aargang = enheter.aargang and naa.enhet_nr = enheter.enhet_nr
    inner join {{ svar }} as foer
        on
            naa.kilde = foer.kilde
            and naa.aargang - 1 = foer.aargang
            and enheter.forrige_enhet_nr = foer.enhet_nr
            and naa.felt = foer.felt
    left join {{ regler }} as egne
        on
            regler.kilde = egne.kilde
            and egne.form = 'blank_etter_tall'
            and naa.felt = egne.felt
    left join {{ svar }} as kryss
        on
            regler.mot_kilde = kryss.kilde
            and naa.aargang = kryss.aargang
            and naa.enhet_nr = kryss.enhet_nr
            and regler.mot_felt = kryss.felt
    where
        regler.form = 'blank_etter_tall'
        and coalesce(egne.regel_nr, regler.regel_nr) = regler.regel_nr
        and coalesce(regler.felt, naa.felt) = naa.felt
        and foer.antall is not null
        and coalesce(kryss.antall, 0) = 0
{% endmacro %}
