with verdier as (

    select * from {{ ref('int_skjema13__verdi') }}

),

former as (

    select * from {{ ref('disposisjonsform') }}
    where er_herav = 'nei'

),

ledd as (

    select
        verdier.aargang,
        verdier.enhet_nr,
        verdier.enhet_type,
        verdier.komm_nr,
        max(case when verdier.felt = 'boliger_i_alt' then verdier.antall end) as oppgitt_total,
        max(case when verdier.felt = 'boliger_i_alt' then verdier.symbol_aarsak end) as total_aarsak,
        max(case when verdier.felt = 'boliger_i_alt' then verdier.metode end) as total_metode,
        sum(case when former.felt is not null then verdier.antall end) as sum_av_deler,
        count(case when former.felt is not null then verdier.antall end) as deler_med_tall,
        count(former.felt) as deler
    from verdier
    left join former on verdier.felt = former.felt
    group by verdier.aargang, verdier.enhet_nr, verdier.enhet_type, verdier.komm_nr

),

-- The stock is the sum of the three forms of disposal; the entered total only stands in where one of them is missing.
final as (

    select
        aargang,
        enhet_nr,
        enhet_type,
        komm_nr,
        cast(case when deler_med_tall = deler then sum_av_deler else oppgitt_total end as bigint) as boliger_i_alt,
        cast(oppgitt_total as bigint) as boliger_i_alt_oppgitt,
        case
            when deler_med_tall = deler and total_metode = 'svar' then 'sum_av_deler'
            when deler_med_tall = deler then total_metode
            when oppgitt_total is not null then 'oppgitt_total'
        end as metode,
        case when deler_med_tall < deler and oppgitt_total is null then total_aarsak end as symbol_aarsak,
        case
            when deler_med_tall < deler and oppgitt_total is not null then 'oppgitt_total'
            -- The entered total is replaced or set aside only where a control found that the parts contradict it.
            when deler_med_tall = deler and (total_metode = 'sum_av_deler' or total_aarsak = 'satt_til_side')
                then 'total_ulik_deler'
            when deler_med_tall = deler and oppgitt_total <> sum_av_deler then 'total_ulik_deler'
        end as forbehold
    from ledd

)

select * from final
