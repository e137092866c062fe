{% macro kontroll_null_etter_tall(svar, regler, enheter) %}
    {#- Only where the same area stands behind both years. -#}
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
        naa.antall = 0 and foer.antall > 0 as utslag
    from {{ regler }} as regler
    inner join {{ svar }} as naa
        on
            regler.kilde = naa.kilde
            and regler.felt = naa.felt
            and naa.aargang >= regler.gyldig_fra
            and naa.aargang <= coalesce(regler.gyldig_til, naa.aargang)
    inner join {{ enheter }} as enheter on naa.aargang = enheter.aargang and naa.enhet_nr = enheter.enhet_nr
    inner join {{ svar }} as foer
        on
            naa.kilde = foer.kilde
            and naa.aargang - 1 = foer.aargang
            and enheter.forrige_enhet_nr = foer.enhet_nr
            and naa.felt = foer.felt
    where regler.form = 'null_etter_tall' and naa.antall is not null and foer.antall is not null
{% endmacro %}
