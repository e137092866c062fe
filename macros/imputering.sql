{#- The order: what follows from the total, the unit's own last figure, the ratio of its KOSTRA group, that of the country. -#}
{% macro imputering(grunnlag) %}
    with grunnlag as (

        select * from {{ grunnlag }}

    ),

    historikk as (

        {{ ImputeHistory('grunnlag', ['kjede', 'maal'], 'aargang', 'tall') }}

    ),

    gruppe as (

        {{ ImputeRegression('grunnlag', ['enhet_nr'], 'hjelpetall', 'tall', strata=['aargang', 'maal', 'kostragruppe']) }}

    ),

    land as (

        {{ ImputeRegression('grunnlag', ['enhet_nr'], 'hjelpetall', 'tall', strata=['aargang', 'maal']) }}

    ),

    -- A figure of an earlier year is not used where it is more than what it is a part of.
    valgt as (

        select
            grunnlag.aargang,
            grunnlag.enhet_nr,
            grunnlag.kilde,
            grunnlag.maal,
            grunnlag.mangler_aarsak,
            grunnlag.hjelpemaal,
            grunnlag.hjelpetall,
            historikk.x as historikk,
            historikk.x_periode as historikk_aargang,
            gruppe.beta as beta_gruppe,
            land.beta as beta_land,
            grunnlag.avledet,
            case
                when grunnlag.avledet >= 0 then 'avledet'
                when historikk.x <= coalesce(grunnlag.tak, historikk.x) then 'imputert_historikk'
                when grunnlag.kostragruppe <> 'ukjent' and gruppe.antall_i_modell >= 3 and grunnlag.hjelpetall >= 0
                    then 'imputert_rate_gruppe'
                when land.antall_i_modell >= 3 and grunnlag.hjelpetall >= 0 then 'imputert_rate_land'
            end as metode
        from grunnlag
        inner join historikk
            on
                grunnlag.kjede = historikk.kjede
                and grunnlag.maal = historikk.maal
                and grunnlag.aargang = historikk.aargang
        inner join gruppe
            on
                grunnlag.aargang = gruppe.aargang
                and grunnlag.enhet_nr = gruppe.enhet_nr
                and grunnlag.maal = gruppe.maal
        inner join land
            on
                grunnlag.aargang = land.aargang
                and grunnlag.enhet_nr = land.enhet_nr
                and grunnlag.maal = land.maal
        where grunnlag.mangler_aarsak is not null and grunnlag.tall is null

    )

    select
        aargang,
        enhet_nr,
        kilde,
        maal,
        cast(
            case metode
                when 'avledet' then avledet
                when 'imputert_historikk' then historikk
                when 'imputert_rate_gruppe' then round(cast(beta_gruppe * hjelpetall as numeric(18, 6)), 0)
                when 'imputert_rate_land' then round(cast(beta_land * hjelpetall as numeric(18, 6)), 0)
            end as bigint
        ) as antall,
        metode,
        mangler_aarsak,
        case when metode = 'imputert_historikk' then historikk_aargang end as fra_aargang,
        case when metode like 'imputert_rate%' then hjelpemaal end as hjelpemaal,
        case when metode like 'imputert_rate%' then hjelpetall end as hjelpetall,
        cast(
            case metode when 'imputert_rate_gruppe' then beta_gruppe when 'imputert_rate_land' then beta_land end
            as numeric(18, 6)
        ) as forhold
    from valgt
    where metode is not null
{% endmacro %}
