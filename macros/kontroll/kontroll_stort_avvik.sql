{% macro kontroll_stort_avvik(svar, regler) %}
    {#- Both thresholds, as in the deviation tables. A rule with a direction only finds deviations that way. -#}
    select
        regler.regel_nr,
        a.kilde,
        a.aargang,
        a.enhet_nr,
        a.felt,
        a.rad_nr,
        a.antall as funnet,
        b.felt as mot_felt,
        b.antall as forventet,
        abs(a.antall - b.antall) >= minste_antall.verdi
        and 100 * abs(a.antall - b.antall) >= minste_prosent.verdi * greatest(a.antall, b.antall)
        and case regler.retning when 'minus' then a.antall < b.antall else a.antall <> b.antall end as utslag
    from {{ regler }} as regler
    inner join {{ svar }} as a
        on
            regler.kilde = a.kilde
            and regler.felt = a.felt
            and a.aargang >= regler.gyldig_fra
            and a.aargang <= coalesce(regler.gyldig_til, a.aargang)
    inner join {{ svar }} as b
        on
            regler.mot_kilde = b.kilde
            and a.aargang = b.aargang
            and a.enhet_nr = b.enhet_nr
            and regler.mot_felt = b.felt
    inner join {{ ref('terskel') }} as minste_antall
        on
            regler.terskel_antall = minste_antall.terskel
            and a.aargang >= minste_antall.gyldig_fra
            and a.aargang <= coalesce(minste_antall.gyldig_til, a.aargang)
    inner join {{ ref('terskel') }} as minste_prosent
        on
            regler.terskel_prosent = minste_prosent.terskel
            and a.aargang >= minste_prosent.gyldig_fra
            and a.aargang <= coalesce(minste_prosent.gyldig_til, a.aargang)
    where regler.form = 'stort_avvik' and a.antall is not null and b.antall is not null
{% endmacro %}
