{#- A ratio model per stratum: the share of a purpose is the sum of its answers over the sum of all answers. -#}
{%- set ingen_grense = 1000000000 -%}
with enheter as (

    select * from {{ ref('int_estimat__enhet') }}
    where boliger is not null

),

svar as (

    select * from {{ ref('int_estimat__svar') }}

),

formaal as (

    select * from {{ ref('formaal') }}

),

celler as (

    select
        enheter.aargang,
        enheter.enhet_nr,
        enheter.stratum,
        enheter.boliger,
        enheter.svarte,
        formaal.formaal,
        formaal.er_residual,
        svar.svar_levert,
        svar.svarmetode,
        svar.svar,
        svar.sum_svar
    from enheter
    cross join formaal
    left join svar
        on
            enheter.aargang = svar.aargang
            and enheter.enhet_nr = svar.enhet_nr
            and formaal.formaal = svar.formaal

),

-- No unit is left out of the model: the outliers are shown, with what the estimate is without them.
modell as (

    {{ ImputeRegression(
        'celler',
        ['aargang', 'enhet_nr', 'formaal'],
        'sum_svar',
        'svar',
        strata=['aargang', 'stratum', 'formaal'],
        limitModel=ingen_grense,
        limitIterate=ingen_grense,
        limitImpute=ingen_grense,
        runder=0
    ) }}

),

strata as (

    select
        aargang,
        stratum,
        formaal,
        count(*) as enheter,
        count(case when svarte then 1 end) as enheter_svart,
        sum(boliger) as boliger,
        sum(svar) as sum_formaal,
        sum(sum_svar) as sum_svar
    from celler
    group by aargang, stratum, formaal

),

-- Where all answers of a stratum are zero, or there are none, the country's share is all there is; a year without any
-- answer has no estimate.
land as (

    select
        aargang,
        formaal,
        {{ kvotient('sum(svar)', 'sum(sum_svar)') }} as andel
    from celler
    group by aargang, formaal
    having sum(sum_svar) > 0

),

andeler as (

    select
        strata.*,
        coalesce({{ kvotient('strata.sum_formaal', 'strata.sum_svar') }}, land.andel) as andel
    from strata
    inner join land on strata.aargang = land.aargang and strata.formaal = land.formaal

),

anslag as (

    select
        celler.aargang,
        celler.enhet_nr,
        celler.stratum,
        celler.formaal,
        celler.er_residual,
        celler.boliger,
        celler.svarte,
        celler.svar_levert,
        celler.svarmetode,
        celler.svar,
        celler.sum_svar,
        andeler.enheter as stratum_enheter,
        andeler.enheter_svart as stratum_enheter_svart,
        andeler.boliger as stratum_boliger,
        andeler.andel,
        {{ kvotient('andeler.enheter', 'andeler.enheter_svart') }} as designvekt,
        {{ kvotient('andeler.boliger', 'andeler.sum_svar') }} as ratevekt,
        celler.svar - andeler.andel * celler.sum_svar as residual,
        modell.studentisert_residual,
        -- What the total of the stratum would be without the unit, less what it is.
        andeler.boliger * (
            {{ kvotient('andeler.sum_formaal - celler.svar', 'andeler.sum_svar - celler.sum_svar') }} - andeler.andel
        ) as endring_uten_enheten
    from celler
    inner join andeler
        on
            celler.aargang = andeler.aargang
            and celler.stratum = andeler.stratum
            and celler.formaal = andeler.formaal
    inner join modell
        on
            celler.aargang = modell.aargang
            and celler.enhet_nr = modell.enhet_nr
            and celler.formaal = modell.formaal

),

-- Who answered keeps the answer; what form 13 has more or less than the survey is spread as the stratum is.
fordelt as (

    select
        *,
        {{ avrundet('(coalesce(svar, 0) + andel * (boliger - coalesce(sum_svar, 0)))') }} as anslag
    from anslag

),

-- The last purpose is the rest, so that the three add to the stock to the last digit.
final as (

    select
        *,
        case
            when er_residual = 'ja'
                then
                    boliger
                    - sum(case when er_residual = 'nei' then anslag end) over (partition by aargang, enhet_nr)
            else anslag
        end as antall
    from fordelt

)

select
    aargang,
    enhet_nr,
    stratum,
    formaal,
    boliger,
    svarte,
    svar_levert,
    svarmetode,
    svar,
    sum_svar,
    stratum_enheter,
    stratum_enheter_svart,
    stratum_boliger,
    andel,
    designvekt,
    ratevekt,
    residual,
    cast({{ avrundet('studentisert_residual') }} as numeric(18, 6)) as studentisert_residual,
    cast({{ avrundet('endring_uten_enheten') }} as numeric(18, 6)) as endring_uten_enheten,
    cast(antall as numeric(18, 6)) as antall
from final
