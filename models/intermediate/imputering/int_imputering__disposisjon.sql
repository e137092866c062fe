{#- Trinn 1: the forms of disposal. Only municipalities; a city district has no KOSTRA group. -#}
with enheter as (

    select * from {{ ref('int_region__enhet_aar') }}
    where enhet_type = 'kommune'

),

kjeder as (

    select * from {{ ref('int_region__kjede') }}

),

verdier as (

    select * from {{ ref('int_skjema13__verdi') }}

),

maal as (

    select * from {{ ref('imputering_maal') }}
    where trinn = 1

),

-- A form follows from the total where it alone is missing.
summer as (

    select
        verdier.aargang,
        verdier.enhet_nr,
        sum(verdier.antall) as kjent_sum,
        count(*) - count(verdier.antall) as mangler
    from verdier
    inner join maal on verdier.felt = maal.maal
    group by verdier.aargang, verdier.enhet_nr

),

totaler as (

    select
        aargang,
        enhet_nr,
        antall
    from verdier
    where felt = 'boliger_i_alt' and metode <> 'sum_av_deler'

),

grunnlag as (

    select
        enheter.aargang,
        enheter.enhet_nr,
        kjeder.kjede,
        coalesce(enheter.kostragruppe, 'ukjent') as kostragruppe,
        maal.kilde,
        maal.maal,
        verdier.antall as tall,
        case
            when verdier.symbol_aarsak in ('ikke_levert', 'satt_til_side', 'i_karantene') then verdier.symbol_aarsak
        end as mangler_aarsak,
        maal.hjelpemaal,
        cast(enheter.folketall as bigint) as hjelpetall,
        case when summer.mangler = 1 then totaler.antall - summer.kjent_sum end as avledet,
        cast(null as bigint) as tak
    from enheter
    inner join maal on enheter.aargang >= maal.gyldig_fra
    inner join verdier
        on
            enheter.aargang = verdier.aargang
            and enheter.enhet_nr = verdier.enhet_nr
            and maal.maal = verdier.felt
    inner join kjeder on enheter.aargang = kjeder.aargang and enheter.enhet_nr = kjeder.enhet_nr
    inner join summer on enheter.aargang = summer.aargang and enheter.enhet_nr = summer.enhet_nr
    left join totaler on enheter.aargang = totaler.aargang and enheter.enhet_nr = totaler.enhet_nr

),

final as (

    {{ imputering('grunnlag') }}

)

select * from final
