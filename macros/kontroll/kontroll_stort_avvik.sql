{% macro kontroll_stort_avvik(svar, regler) %}
    {#- The same two thresholds as the deviation tables. -#}
    select
        regel_nr,
        kilde,
        aargang,
        enhet_nr,
        felt,
        rad_nr,
        funnet,
        mot_felt,
        forventet
    from (
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
            {{ terskel('stort_avvik_antall', 'a.aargang') }} as minste_antall,
            {{ terskel('stort_avvik_prosent', 'a.aargang') }} as minste_prosent
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
        where regler.form = 'stort_avvik'
    ) as par
    where
        abs(funnet - forventet) >= minste_antall
        and 100 * abs(funnet - forventet) >= minste_prosent * greatest(funnet, forventet)
{% endmacro %}
