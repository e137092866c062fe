{% macro kontroll_naer_referanse(svar, regler) %}
    {#- A figure that reaches so many per cent of a reference, and is at least so large, looks like the reference. -#}
    select
        regler.regel_nr,
        tall.kilde,
        tall.aargang,
        tall.enhet_nr,
        tall.felt,
        tall.rad_nr,
        tall.antall as funnet,
        referanse.felt as mot_felt,
        referanse.antall as forventet,
        tall.antall >= minste_antall.verdi and 100 * tall.antall >= minste_prosent.verdi * referanse.antall as utslag
    from {{ regler }} as regler
    inner join {{ svar }} as tall
        on
            regler.kilde = tall.kilde
            and regler.felt = tall.felt
            and tall.aargang >= regler.gyldig_fra
            and tall.aargang <= coalesce(regler.gyldig_til, tall.aargang)
    inner join {{ svar }} as referanse
        on
            regler.mot_kilde = referanse.kilde
            and tall.aargang = referanse.aargang
            and tall.enhet_nr = referanse.enhet_nr
            and regler.mot_felt = referanse.felt
    inner join {{ ref('terskel') }} as minste_antall
        on
            regler.terskel_antall = minste_antall.terskel
            and tall.aargang >= minste_antall.gyldig_fra
            and tall.aargang <= coalesce(minste_antall.gyldig_til, tall.aargang)
    inner join {{ ref('terskel') }} as minste_prosent
        on
            regler.terskel_prosent = minste_prosent.terskel
            and tall.aargang >= minste_prosent.gyldig_fra
            and tall.aargang <= coalesce(minste_prosent.gyldig_til, tall.aargang)
    where regler.form = 'naer_referanse' and tall.antall is not null and referanse.antall > 0
{% endmacro %}
