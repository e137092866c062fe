with enheter as (

    select * from {{ ref('int_region__enhet_aar') }}
    where rapporterer = 'ja'

),

beholdning as (

    select * from {{ ref('int_imputering__beholdning') }}

),

rapportert as (

    select * from {{ ref('int_boliger__tall') }}

),

imputert as (

    select * from {{ ref('imputerte_tall') }}

),

-- How many dwellings the persons of the register live in, and stand beside empty.
omregning as (

    select
        aargang,
        {{ parameter('personer_per_bolig', 'residual_iplos', 'aarganger.aargang') }}
        * (1 - {{ parameter('ledighet', 'residual_iplos', 'aarganger.aargang') }}) as personer_per_bolig
    from {{ ref('aargang') }} as aarganger

),

-- Only who did not answer the survey has an estimate instead of an answer.
estimert as (

    select
        aargang,
        enhet_nr,
        formaal as maal,
        cast(round(antall, 0) as bigint) as antall
    from {{ ref('kmd_estimat_enhet') }}
    where metode = 'stratumets_fordeling'

),

tall as (

    select
        rapportert.aargang,
        rapportert.enhet_nr,
        rapportert.kilde,
        rapportert.maal,
        coalesce(rapportert.antall, imputert.antall) as antall,
        case when imputert.antall is null then rapportert.symbol_aarsak end as symbol_aarsak,
        imputert.antall is not null as imputert
    from rapportert
    left join imputert
        on
            rapportert.aargang = imputert.aargang
            and rapportert.enhet_nr = imputert.enhet_nr
            and rapportert.kilde = imputert.kilde
            and rapportert.maal = imputert.maal

    union all

    select
        aargang,
        enhet_nr,
        'estimat' as kilde,
        maal,
        antall,
        cast(null as varchar(30)) as symbol_aarsak,
        true as imputert
    from estimert

),

metodeledd as (

    select * from {{ ref('metode_ledd') }}

),

formaal as (

    select * from {{ ref('formaal') }}

),

kmd_enheter as (

    select * from {{ ref('int_kmd__enhet') }}

),

gjeldende as (

    select * from {{ ref('int_leveranse__gjeldende') }}

),

brudd as (

    select * from {{ ref('brudd') }}

),

metoder as (

    select * from {{ ref('metode') }}

),

celler as (

    select
        enheter.aargang,
        enheter.enhet_nr,
        enheter.enhet_type,
        enheter.komm_nr,
        enheter.forrige_enhet_nr,
        metoder.metode,
        formaal.formaal,
        metoder.er_residual = 'ja' and formaal.er_residual = 'ja' as er_residual
    from enheter
    cross join metoder
    cross join formaal

),

-- What a method reads for a purpose in a year is a row of metode_ledd; no row: it was not asked.
ledd as (

    select
        celler.aargang,
        celler.enhet_nr,
        celler.enhet_type,
        celler.komm_nr,
        celler.metode,
        celler.formaal,
        metodeledd.kilde,
        metodeledd.maal,
        case
            when metodeledd.kilde = 'iplos'
                then
                    cast(
                        round(cast({{ kvotient('tall.antall', 'omregning.personer_per_bolig') }} as numeric(18, 6)), 0)
                        as bigint
                    )
            else tall.antall
        end as antall,
        case
            when metodeledd.maal is null then 'ikke_spurt'
            when tall.maal is null and metodeledd.kilde = 'estimat' then 'ikke_estimert'
            when tall.maal is null then 'ikke_levert'
            else tall.symbol_aarsak
        end as symbol_aarsak,
        coalesce(metodeledd.kilde = 'kmd' and kmd_enheter.svar_usikkert, false) as usikkert_svar,
        coalesce(tall.imputert, false) as imputert,
        -- A register that says nobody where it said somebody the year before: the decisions are gone, not the people.
        coalesce(metodeledd.kilde = 'iplos' and tall.antall = 0 and aaret_foer.antall > 0, false) as falt_til_null,
        coalesce(gjeldende.foreloepig, false) as foreloepig,
        brudd.maal is not null as brudd
    from celler
    inner join omregning on celler.aargang = omregning.aargang
    left join metodeledd
        on
            celler.metode = metodeledd.metode
            and celler.formaal = metodeledd.formaal
            and celler.aargang >= metodeledd.gyldig_fra
            and celler.aargang <= coalesce(metodeledd.gyldig_til, celler.aargang)
    left join tall
        on
            celler.aargang = tall.aargang
            and celler.enhet_nr = tall.enhet_nr
            and metodeledd.kilde = tall.kilde
            and metodeledd.maal = tall.maal
    left join tall as aaret_foer
        on
            celler.aargang - 1 = aaret_foer.aargang
            and celler.forrige_enhet_nr = aaret_foer.enhet_nr
            and metodeledd.kilde = aaret_foer.kilde
            and metodeledd.maal = aaret_foer.maal
    left join kmd_enheter on celler.aargang = kmd_enheter.aargang and celler.enhet_nr = kmd_enheter.enhet_nr
    left join gjeldende on celler.aargang = gjeldende.aargang and metodeledd.kilde = gjeldende.kilde
    left join brudd
        on
            celler.aargang = brudd.aargang
            and metodeledd.kilde = brudd.kilde
            and metodeledd.maal = brudd.maal
    where not celler.er_residual

),

fratrekk as (

    select
        ledd.aargang,
        ledd.enhet_nr,
        ledd.metode,
        sum(ledd.antall) as antall,
        count(*) - count(ledd.antall) as mangler,
        min({{ tegnvis('ledd.symbol_aarsak') }}) as symbol_aarsak,
        max(case when ledd.imputert then 1 else 0 end) = 1 as imputert,
        max(case when ledd.foreloepig then 1 else 0 end) = 1 as foreloepig,
        max(case when ledd.brudd then 1 else 0 end) = 1 as brudd
    from ledd
    inner join metoder on ledd.metode = metoder.metode
    where metoder.er_residual = 'ja'
    group by ledd.aargang, ledd.enhet_nr, ledd.metode

),

-- R: dwellings for the disadvantaged = stock in all - dwellings for health and care - dwellings without means test
-- (minutes 20.06.2018, item 4). Never clipped at zero; never computed when a term is missing.
residualer as (

    select
        celler.aargang,
        celler.enhet_nr,
        celler.enhet_type,
        celler.komm_nr,
        celler.metode,
        celler.formaal,
        case when fratrekk.mangler = 0 then beholdning.boliger_i_alt - fratrekk.antall end as antall,
        case
            when fratrekk.mangler > 0 then fratrekk.symbol_aarsak
            when beholdning.boliger_i_alt is null then 'mangler_beholdning'
        end as symbol_aarsak,
        (fratrekk.imputert or beholdning.imputert)
        and fratrekk.mangler = 0
        and beholdning.boliger_i_alt is not null as imputert,
        fratrekk.foreloepig or coalesce(gjeldende.foreloepig, false) as foreloepig,
        fratrekk.brudd
    from celler
    inner join fratrekk
        on
            celler.aargang = fratrekk.aargang
            and celler.enhet_nr = fratrekk.enhet_nr
            and celler.metode = fratrekk.metode
    left join beholdning on celler.aargang = beholdning.aargang and celler.enhet_nr = beholdning.enhet_nr
    left join gjeldende on celler.aargang = gjeldende.aargang and gjeldende.kilde = 'skjema13'
    where celler.er_residual

),

samlet as (

    select
        aargang,
        enhet_nr,
        enhet_type,
        komm_nr,
        metode,
        formaal,
        kilde,
        antall,
        symbol_aarsak,
        imputert,
        foreloepig,
        brudd
    from ledd

    union all

    select
        aargang,
        enhet_nr,
        enhet_type,
        komm_nr,
        metode,
        formaal,
        'residual' as kilde,
        antall,
        symbol_aarsak,
        imputert,
        foreloepig,
        brudd
    from residualer

),

usikkerhet as (

    select
        aargang,
        enhet_nr,
        metode,
        max(case when usikkert_svar then 1 else 0 end) as usikkert_svar,
        max(case when imputert then 1 else 0 end) as imputert,
        max(case when falt_til_null then 1 else 0 end) as falt_til_null,
        max(case when kilde = 'iplos' and antall = 0 then 1 else 0 end) as null_i_registeret
    from ledd
    group by aargang, enhet_nr, metode

),

negative as (

    select
        aargang,
        enhet_nr,
        metode
    from residualer
    where antall < 0

),

-- One reservation per unit and method, the gravest first.
final as (

    select
        samlet.aargang,
        samlet.enhet_nr,
        samlet.enhet_type,
        samlet.komm_nr,
        samlet.formaal,
        samlet.metode,
        samlet.kilde,
        cast(samlet.antall as bigint) as antall,
        samlet.symbol_aarsak,
        case
            when negative.metode is not null then 'negativ_residual'
            when usikkerhet.falt_til_null = 1 then 'falt_til_null'
            -- Nobody in the register while there are dwellings: a fall that lasts, or one that began before a merger.
            when usikkerhet.null_i_registeret = 1 and beholdning.boliger_i_alt > 0 then 'null_i_registeret'
            when usikkerhet.imputert = 1 then 'imputert'
            when samlet.metode <> 'kmd' and beholdning.forbehold is not null then beholdning.forbehold
            when usikkerhet.usikkert_svar = 1 then 'usikkert_svar'
        end as forbehold,
        samlet.imputert,
        samlet.foreloepig,
        samlet.brudd
    from samlet
    left join negative
        on
            samlet.aargang = negative.aargang
            and samlet.enhet_nr = negative.enhet_nr
            and samlet.metode = negative.metode
    left join usikkerhet
        on
            samlet.aargang = usikkerhet.aargang
            and samlet.enhet_nr = usikkerhet.enhet_nr
            and samlet.metode = usikkerhet.metode
    left join beholdning on samlet.aargang = beholdning.aargang and samlet.enhet_nr = beholdning.enhet_nr

)

select * from final
