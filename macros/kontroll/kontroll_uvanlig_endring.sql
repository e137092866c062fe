{% macro kontroll_uvanlig_endring(svar, regler, enheter) %}
    {#- Compared with the units of the same KOSTRA group; city districts have none and are compared with each other. In a
        group where nearly nobody changed any change is unusual, so a finding is also so many as the rule's threshold. -#}
    select
        endringer.regel_nr,
        endringer.kilde,
        endringer.aargang,
        endringer.enhet_nr,
        endringer.felt,
        endringer.rad_nr,
        cast(endringer.x1 as bigint) as funnet,
        cast(null as varchar(10)) as mot_felt,
        cast(endringer.x2 as bigint) as forventet,
        endringer.er_utenfor and abs(endringer.x1 - endringer.x2) >= minste_antall.verdi as utslag
    from (
        {{ Hb(
            '(' ~ kontroll_aarspar(svar, regler, enheter, 'uvanlig_endring') ~ ')',
            ['regel_nr', 'kilde', 'aargang', 'enhet_nr', 'felt', 'rad_nr', 'terskel_antall'],
            'naa_antall',
            'forrige_antall',
            strata=['regel_nr', 'aargang', 'felt', 'kostragruppe']
        ) }}
    ) as endringer
    inner join {{ ref('terskel') }} as minste_antall
        on
            endringer.terskel_antall = minste_antall.terskel
            and endringer.aargang >= minste_antall.gyldig_fra
            and endringer.aargang <= coalesce(minste_antall.gyldig_til, endringer.aargang)
    where endringer.forhold is not null
{% endmacro %}
