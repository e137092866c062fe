{% macro kontroll_uvanlig_endring(svar, regler, enheter) %}
    {#- Compared with the units of the same KOSTRA group; city districts have none and are compared with each other. -#}
    select
        regel_nr,
        kilde,
        aargang,
        enhet_nr,
        felt,
        rad_nr,
        cast(x1 as bigint) as funnet,
        cast(null as varchar(10)) as mot_felt,
        cast(x2 as bigint) as forventet,
        er_utenfor as utslag
    from (
        {{ Hb(
            '(' ~ kontroll_aarspar(svar, regler, enheter, 'uvanlig_endring') ~ ')',
            ['regel_nr', 'kilde', 'aargang', 'enhet_nr', 'felt', 'rad_nr'],
            'naa_antall',
            'forrige_antall',
            strata=['regel_nr', 'aargang', 'felt', 'kostragruppe']
        ) }}
    ) as endringer
    where forhold is not null
{% endmacro %}
