{#- The stock with its imputed forms: what is reported stands, and is marked apart from what is not. -#}
with beholdning as (

    select * from {{ ref('int_boligmasse__beholdning') }}

),

verdier as (

    select * from {{ ref('int_skjema13__verdi') }}

),

former as (

    select * from {{ ref('disposisjonsform') }}
    where er_herav = 'nei'

),

imputert as (

    select * from {{ ref('int_imputering__disposisjon') }}

),

fylt as (

    select
        verdier.aargang,
        verdier.enhet_nr,
        sum(coalesce(verdier.antall, imputert.antall)) as sum_former,
        count(coalesce(verdier.antall, imputert.antall)) as former_med_tall,
        count(*) as former,
        max(case when imputert.metode <> 'avledet' then 1 else 0 end) as anslaatt
    from verdier
    inner join former on verdier.felt = former.felt
    left join imputert
        on
            verdier.aargang = imputert.aargang
            and verdier.enhet_nr = imputert.enhet_nr
            and verdier.felt = imputert.maal
    group by verdier.aargang, verdier.enhet_nr

),

-- A form that follows from the entered total leaves the total as it is; only what is estimated is imputed.
final as (

    select
        beholdning.aargang,
        beholdning.enhet_nr,
        beholdning.enhet_type,
        beholdning.komm_nr,
        case
            when fylt.former_med_tall = fylt.former then fylt.sum_former
            else beholdning.boliger_i_alt
        end as boliger_i_alt,
        case when fylt.former_med_tall = fylt.former and fylt.anslaatt = 1 then 'imputert' else beholdning.metode end
            as metode,
        case when fylt.former_med_tall < fylt.former then beholdning.symbol_aarsak end as symbol_aarsak,
        case when fylt.former_med_tall = fylt.former and fylt.anslaatt = 1 then 'imputert' else beholdning.forbehold end
            as forbehold,
        fylt.former_med_tall = fylt.former and fylt.anslaatt = 1 as imputert
    from beholdning
    inner join fylt on beholdning.aargang = fylt.aargang and beholdning.enhet_nr = fylt.enhet_nr

)

select
    aargang,
    enhet_nr,
    enhet_type,
    komm_nr,
    cast(boliger_i_alt as bigint) as boliger_i_alt,
    metode,
    symbol_aarsak,
    forbehold,
    imputert
from final
