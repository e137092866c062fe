with ledd as (

    select * from {{ ref('int_nokkeltall__ledd') }}

),

gjeldende as (

    select * from {{ ref('int_leveranse__gjeldende') }}
    where kilde = 'skjema13'

),

symboler as (

    select * from {{ ref('symbol_aarsak') }}

),

enheter as (

    select
        aargang,
        enhet_nr as region_nr,
        enhet_type as region_type,
        forrige_enhet_nr as forrige_region_nr,
        indikator,
        nevner_maal,
        faktor,
        maaleenhet,
        case when symbol_aarsak is null then teller end as teller,
        case when symbol_aarsak is null then nevner end as nevner,
        symbol_aarsak,
        nevner_anslaatt,
        'rapportert' as metode,
        case when symbol_aarsak is null then 1 else 0 end as enheter_med_tall,
        1 as enheter_i_alt
    from ledd

),

-- The sum over the municipalities that have both numerator and denominator: the country only when that is all of them.
land as (

    select
        aargang,
        'EAK' as region_nr,
        'land' as region_type,
        'EAK' as forrige_region_nr,
        indikator,
        nevner_maal,
        faktor,
        maaleenhet,
        sum(case when symbol_aarsak is null then teller end) as teller,
        sum(case when symbol_aarsak is null then nevner end) as nevner,
        case when count(case when symbol_aarsak is null then 1 end) = 0 then min({{ tegnvis('symbol_aarsak') }}) end
            as symbol_aarsak,
        -- Estimates cancel in the sum over all units, not in the sum over some of them.
        count(case when symbol_aarsak is null then 1 end) < count(*)
        and max(case when symbol_aarsak is null and nevner_anslaatt then 1 else 0 end) = 1 as nevner_anslaatt,
        'rapportert_sum' as metode,
        count(case when symbol_aarsak is null then 1 end) as enheter_med_tall,
        count(*) as enheter_i_alt
    from ledd
    where enhet_type = 'kommune'
    group by aargang, indikator, nevner_maal, faktor, maaleenhet

),

regioner as (

    select * from enheter
    union all
    select * from land

),

beregnet as (

    select
        *,
        case
            when symbol_aarsak is not null then null
            when nevner_maal is null then cast(teller as numeric(18, 6))
            else {{ andel('faktor * teller', 'nevner') }}
        end as verdi
    from regioner

),

med_symbol as (

    select
        *,
        case
            when verdi is not null then null
            when symbol_aarsak is not null then symbol_aarsak
            when nevner = 0 then 'nevner_null'
            else 'for_stort'
        end as verdi_aarsak
    from beregnet

),

-- Change is only shown where the same area stands behind both figures, and the same units behind both sums.
final as (

    select
        naa.*,
        foer.verdi as verdi_aaret_foer,
        case
            when naa.aargang = min(naa.aargang) over () then 'foerste_aar'
            when naa.forrige_region_nr is null then 'omraade_endret'
            when naa.verdi is null or foer.verdi is null then 'mangler_ledd'
            when naa.enheter_med_tall < naa.enheter_i_alt or foer.enheter_med_tall < foer.enheter_i_alt
                then 'delvis_svar'
        end as endring_aarsak
    from med_symbol as naa
    left join med_symbol as foer
        on
            naa.aargang - 1 = foer.aargang
            and naa.forrige_region_nr = foer.region_nr
            and naa.indikator = foer.indikator

)

select
    cast(final.aargang as integer) as aargang,
    final.region_nr,
    final.region_type,
    final.indikator,
    cast(final.teller as bigint) as teller,
    cast(final.nevner as bigint) as nevner,
    cast(final.verdi as numeric(18, 6)) as verdi,
    final.maaleenhet,
    symboler.symbol,
    final.verdi_aarsak as symbol_aarsak,
    final.metode,
    cast(final.nevner_anslaatt as boolean) as nevner_anslaatt,
    cast(final.enheter_med_tall as integer) as enheter_med_tall,
    cast(final.enheter_i_alt as integer) as enheter_i_alt,
    cast(final.verdi_aaret_foer as numeric(18, 6)) as verdi_aaret_foer,
    cast(case when final.endring_aarsak is null then final.verdi - final.verdi_aaret_foer end as numeric(18, 6))
        as endring,
    endring_symboler.symbol as endring_symbol,
    final.endring_aarsak,
    cast(coalesce(gjeldende.foreloepig, false) as boolean) as foreloepig
from final
left join symboler on final.verdi_aarsak = symboler.symbol_aarsak
left join symboler as endring_symboler on final.endring_aarsak = endring_symboler.symbol_aarsak
left join gjeldende on final.aargang = gjeldende.aargang
