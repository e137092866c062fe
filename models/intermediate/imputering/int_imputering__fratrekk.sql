{#- Trinn 2: what is a part of, or in proportion to, the stock that trinn 1 completed. -#}
with enheter as (

    select * from {{ ref('int_region__enhet_aar') }}
    where enhet_type = 'kommune'

),

kjeder as (

    select * from {{ ref('int_region__kjede') }}

),

tall as (

    select * from {{ ref('int_boliger__tall') }}

),

maal as (

    select * from {{ ref('imputering_maal') }}
    where trinn = 2

),

imputert as (

    select * from {{ ref('int_imputering__disposisjon') }}

),

beholdning as (

    select * from {{ ref('int_imputering__beholdning') }}

),

hjelpetall as (

    select
        aargang,
        enhet_nr,
        'boliger_i_alt' as maal,
        boliger_i_alt as antall
    from beholdning

    union all

    select
        tall.aargang,
        tall.enhet_nr,
        tall.maal,
        coalesce(tall.antall, imputert.antall) as antall
    from tall
    left join imputert
        on
            tall.aargang = imputert.aargang
            and tall.enhet_nr = imputert.enhet_nr
            and tall.maal = imputert.maal
    where tall.kilde = 'skjema13' and tall.maal <> 'boliger_i_alt'

),

grunnlag as (

    select
        enheter.aargang,
        enheter.enhet_nr,
        kjeder.kjede,
        coalesce(enheter.kostragruppe, 'ukjent') as kostragruppe,
        maal.kilde,
        maal.maal,
        tall.antall as tall,
        case
            when tall.symbol_aarsak in ('ikke_levert', 'satt_til_side', 'i_karantene') then tall.symbol_aarsak
        end as mangler_aarsak,
        maal.hjelpemaal,
        hjelpetall.antall as hjelpetall,
        cast(null as bigint) as avledet,
        case when maal.er_del_av_hjelpemaal = 'ja' then hjelpetall.antall end as tak
    from enheter
    inner join maal on enheter.aargang >= maal.gyldig_fra
    inner join tall
        on
            enheter.aargang = tall.aargang
            and enheter.enhet_nr = tall.enhet_nr
            and maal.kilde = tall.kilde
            and maal.maal = tall.maal
    inner join kjeder on enheter.aargang = kjeder.aargang and enheter.enhet_nr = kjeder.enhet_nr
    left join hjelpetall
        on
            enheter.aargang = hjelpetall.aargang
            and enheter.enhet_nr = hjelpetall.enhet_nr
            and maal.hjelpemaal = hjelpetall.maal

),

final as (

    {{ imputering('grunnlag') }}

)

select * from final
