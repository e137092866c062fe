{% test r013_nyeste_leveranse_har_alle_enhetene(
    model, skjema13, kmd, iplos, husbanken, enheter, husbanken_regioner
) %}
    {#- A delivery replaces the earlier one of its year whole, so it must hold every unit that the earlier one held. A code
        that no unit has that year is a slip, and the newer delivery corrects it. -#}
    with levert as (

        select distinct
            'skjema13' as kilde,
            fil,
            aargang,
            enhet_nr
        from {{ skjema13 }}

        union all

        select distinct
            'kmd' as kilde,
            fil,
            aargang,
            enhet_nr
        from {{ kmd }}

        union all

        select distinct
            'iplos' as kilde,
            fil,
            aargang,
            komm_nr as enhet_nr
        from {{ iplos }}

        union all

        select distinct
            'husbanken' as kilde,
            fil,
            aargang,
            enhet_nr
        from {{ husbanken }}

    ),

    svar as (

        select levert.*
        from levert
        inner join {{ enheter }} as enheter on levert.aargang = enheter.aargang and levert.enhet_nr = enheter.enhet_nr
        where levert.kilde <> 'husbanken'

        union all

        select levert.*
        from levert
        inner join {{ husbanken_regioner }} as regioner
            on levert.aargang = regioner.aargang and levert.enhet_nr = regioner.enhet_nr
        where levert.kilde = 'husbanken'

    ),

    gjeldende as (

        select * from {{ model }}

    ),

    nyeste as (

        select svar.*
        from svar
        inner join gjeldende
            on svar.kilde = gjeldende.kilde and svar.aargang = gjeldende.aargang and svar.fil = gjeldende.fil

    )

    select
        svar.kilde,
        svar.aargang,
        svar.enhet_nr,
        svar.fil as levert_i,
        gjeldende.fil as mangler_i
    from svar
    inner join gjeldende
        on svar.kilde = gjeldende.kilde and svar.aargang = gjeldende.aargang and svar.fil <> gjeldende.fil
    left join nyeste
        on svar.kilde = nyeste.kilde and svar.aargang = nyeste.aargang and svar.enhet_nr = nyeste.enhet_nr
    where nyeste.enhet_nr is null
{% endtest %}
