{#- Numerator and denominator of every indicator per reporting unit, before any division. -#}
with indikatorer as (

    select * from {{ ref('indikator') }}
    where dekning = 'innenfor'

),

enheter as (

    select * from {{ ref('int_region__enhet_aar') }}
    where rapporterer = 'ja'

),

tall as (

    select * from {{ ref('int_boliger__tall') }}
    where kilde = 'skjema13'

),

nevnere as (

    select
        aargang,
        enhet_nr,
        maal,
        antall,
        symbol_aarsak,
        false as anslaatt
    from tall

    union all

    select
        aargang,
        enhet_nr,
        'folketall' as maal,
        folketall as antall,
        case when folketall is null then 'ikke_utgitt' end as symbol_aarsak,
        folketall_anslaatt as anslaatt
    from enheter

),

final as (

    select
        enheter.aargang,
        enheter.enhet_nr,
        enheter.enhet_type,
        enheter.komm_nr,
        enheter.forrige_enhet_nr,
        indikatorer.indikator,
        indikatorer.nevner_maal,
        indikatorer.faktor,
        indikatorer.maaleenhet,
        teller.antall as teller,
        nevner.antall as nevner,
        coalesce(nevner.anslaatt, false) as nevner_anslaatt,
        case
            when teller.antall is null then coalesce(teller.symbol_aarsak, 'ikke_spurt')
            when indikatorer.nevner_maal is not null and nevner.antall is null
                then coalesce(nevner.symbol_aarsak, 'ikke_spurt')
        end as symbol_aarsak
    from enheter
    cross join indikatorer
    left join tall as teller
        on
            enheter.aargang = teller.aargang
            and enheter.enhet_nr = teller.enhet_nr
            and indikatorer.teller_maal = teller.maal
    left join nevnere as nevner
        on
            enheter.aargang = nevner.aargang
            and enheter.enhet_nr = nevner.enhet_nr
            and indikatorer.nevner_maal = nevner.maal

)

select * from final
