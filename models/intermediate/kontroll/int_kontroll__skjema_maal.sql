with skjema13 as (

    select * from {{ ref('int_skjema13__svar') }}
    where aarsak not in ('erstattet_av_nyere_leveranse', 'erstattet_av_senere_svar', 'ukjent_enhet')

),

kmd as (

    select * from {{ ref('int_kmd__svar') }}
    where aarsak = 'brukt'

),

enheter as (

    select * from {{ ref('int_region__enhet_aar') }}

),

-- A form with neither a number nor the tick for nothing to report says nothing. A number that cannot be read is one.
tomme as (

    select
        aargang,
        enhet_nr,
        case
            when max(case when datatype = 'heltall' and aarsak <> 'blank' then 1 else 0 end) = 1 then 0
            when max(case when felt = 'ingenting_aa_rapportere' and {{ er_ja('verdi') }} then 1 else 0 end) = 1 then 0
            else 1
        end as antall
    from skjema13
    group by aargang, enhet_nr

),

tall as (

    select
        aargang,
        enhet_nr,
        felt,
        verdi_heltall as antall
    from skjema13
    where aarsak = 'brukt'

),

-- What the owned dwellings should be from last year's and the year's flows.
stroem as (

    select
        enheter.aargang,
        enheter.enhet_nr,
        foer.antall + kjoept.antall - solgt.antall as antall
    from enheter
    inner join tall as kjoept
        on
            enheter.aargang = kjoept.aargang
            and enheter.enhet_nr = kjoept.enhet_nr
            and kjoept.felt = 'kjoepte_bygde'
    inner join tall as solgt
        on
            enheter.aargang = solgt.aargang
            and enheter.enhet_nr = solgt.enhet_nr
            and solgt.felt = 'solgte_boliger'
    inner join tall as foer
        on
            enheter.aargang - 1 = foer.aargang
            and enheter.forrige_enhet_nr = foer.enhet_nr
            and foer.felt = 'kommunalt_eide'

),

omsorg as (

    select
        aargang,
        enhet_nr,
        max(case when felt = 'omsorgsboliger' then verdi_heltall end) as omsorgsboliger,
        max(case when felt = 'omsorgsboliger_tilskudd_mva' then verdi_heltall end) as tilskudd,
        max(case when felt = 'omsorgsboliger_foer_1994' then verdi_heltall end) as foer_1994
    from kmd
    group by aargang, enhet_nr

),

final as (

    select
        'skjema13' as kilde,
        aargang,
        enhet_nr,
        'tomt_skjema' as felt,
        antall
    from tomme

    union all

    select
        'skjema13' as kilde,
        aargang,
        enhet_nr,
        'kommunalt_eide_etter_stroem' as felt,
        antall
    from stroem

    union all

    select
        'kmd' as kilde,
        aargang,
        enhet_nr,
        'omsorgsboliger_lik_tilskudd' as felt,
        case when omsorgsboliger = tilskudd then omsorgsboliger end as antall
    from omsorg

    union all

    select
        'kmd' as kilde,
        aargang,
        enhet_nr,
        'omsorgsboliger_foer_1994_og_tilskudd' as felt,
        tilskudd + foer_1994 as antall
    from omsorg

)

select * from final
