{% macro kontroll_tusenfeil(svar, regler, enheter) %}
    {#- The jump back after a thousand error is no error, so the year before that is looked at too. A rule without a field
        holds for every number. -#}
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
        er_utenfor
        and case
            when forforrige_antall > 0
                then
                    (differanse_log10 < 0 and log10(x2) - log10(forforrige_antall) > oevre_grense) is not true
                    and (differanse_log10 > 0 and log10(x2) - log10(forforrige_antall) < nedre_grense) is not true
            else true
        end as utslag
    from (
        {{ ThError(
            '(' ~ kontroll_aarspar(svar, regler, enheter, 'tusenfeil') ~ ')',
            ['regel_nr', 'kilde', 'aargang', 'enhet_nr', 'felt', 'rad_nr', 'forforrige_antall'],
            'naa_antall',
            'forrige_antall'
        ) }}
    ) as tusenfeil
    where differanse_log10 is not null
{% endmacro %}

{#- The answers of a year beside those of the two before, where the same area stands behind all of them. A rule without a
    field holds for what is answered, not for what the warehouse works out. -#}
{% macro kontroll_aarspar(svar, regler, enheter, form) %}
    select
        regler.regel_nr,
        naa.kilde,
        naa.aargang,
        naa.enhet_nr,
        naa.felt,
        naa.rad_nr,
        regler.terskel_antall,
        enheter.kostragruppe,
        naa.antall as naa_antall,
        foer.antall as forrige_antall,
        forfoer.antall as forforrige_antall
    from {{ regler }} as regler
    inner join {{ svar }} as naa
        on
            regler.kilde = naa.kilde
            and coalesce(regler.felt, naa.felt) = naa.felt
            and (naa.datatype = 'heltall' or regler.felt is not null)
            and naa.aargang >= regler.gyldig_fra
            and naa.aargang <= coalesce(regler.gyldig_til, naa.aargang)
    inner join {{ enheter }} as enheter on naa.aargang = enheter.aargang and naa.enhet_nr = enheter.enhet_nr
    inner join {{ svar }} as foer
        on
            naa.kilde = foer.kilde
            and naa.aargang - 1 = foer.aargang
            and enheter.forrige_enhet_nr = foer.enhet_nr
            and naa.felt = foer.felt
    left join {{ enheter }} as foer_enheter
        on foer.aargang = foer_enheter.aargang and foer.enhet_nr = foer_enheter.enhet_nr
    left join {{ svar }} as forfoer
        on
            foer.kilde = forfoer.kilde
            and foer.aargang - 1 = forfoer.aargang
            and foer_enheter.forrige_enhet_nr = forfoer.enhet_nr
            and foer.felt = forfoer.felt
    where regler.form = '{{ form }}'
{% endmacro %}
