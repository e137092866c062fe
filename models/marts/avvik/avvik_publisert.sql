with landstall as (

    select * from {{ ref('publisert_landstall') }}

),

oslotall as (

    select * from {{ ref('publisert_oslo') }}

),

maal as (

    select * from {{ ref('publisert_maal') }}

),

aarganger as (

    select aargang from {{ ref('aargang') }}

),

tall as (

    select * from {{ ref('int_boliger__tall') }}
    where kilde in ('skjema13', 'iplos')

),

enheter as (

    select * from {{ ref('int_region__enhet_aar') }}
    where enhet_type = 'kommune'

),

bydeler as (

    select distinct komm_nr from {{ ref('bydel') }}

),

publisert as (

    select
        aar as aargang,
        'land' as omfang,
        maal,
        verdi,
        avrunding,
        utgitt,
        sikkerhet,
        kilde
    from landstall

    union all

    select
        aar as aargang,
        'oslo' as omfang,
        'boliger_i_alt' as maal,
        boliger_i_alt as verdi,
        1 as avrunding,
        utgitt,
        sikkerhet,
        kilde
    from oslotall

    union all

    select
        aar as aargang,
        'oslo' as omfang,
        'kommunalt_eide' as maal,
        kommunalt_eide as verdi,
        1 as avrunding,
        utgitt,
        sikkerhet,
        kilde
    from oslotall

),

-- Oslo is the city that has city districts.
regioner as (

    select
        'land' as omfang,
        'EAK' as region_nr,
        enheter.aargang,
        enheter.enhet_nr,
        enheter.folketall
    from enheter

    union all

    select
        'oslo' as omfang,
        enheter.enhet_nr as region_nr,
        enheter.aargang,
        enheter.enhet_nr,
        enheter.folketall
    from enheter
    inner join bydeler on enheter.enhet_nr = bydeler.komm_nr

),

ledd as (

    select
        maal.omfang,
        maal.maal,
        regioner.region_nr,
        regioner.aargang,
        teller.antall as teller,
        case
            when maal.nevner_maal is null then 1
            when maal.nevner_maal = 'folketall' then regioner.folketall
            else nevner.antall
        end as nevner
    from maal
    inner join regioner on maal.omfang = regioner.omfang
    left join tall as teller
        on
            regioner.aargang = teller.aargang
            and regioner.enhet_nr = teller.enhet_nr
            and maal.teller_maal = teller.maal
    left join tall as nevner
        on
            regioner.aargang = nevner.aargang
            and regioner.enhet_nr = nevner.enhet_nr
            and maal.nevner_maal = nevner.maal
    where maal.sammenlignes = 'ja'

),

-- Sums over the units that have both figures.
summer as (

    select
        omfang,
        maal,
        region_nr,
        aargang,
        sum(case when nevner is not null then teller end) as teller,
        sum(case when teller is not null then nevner end) as nevner,
        count(case when teller is not null and nevner is not null then 1 end) as enheter_med_tall,
        count(*) as enheter_i_alt
    from ledd
    group by omfang, maal, region_nr, aargang

),

sammenlignet as (

    select
        publisert.aargang,
        coalesce(
            summer.region_nr, case when publisert.omfang = 'land' then 'EAK' else bydeler.komm_nr end
        ) as region_nr,
        publisert.maal,
        publisert.utgitt,
        publisert.verdi as publisert_verdi,
        case
            when maal.nevner_maal is null then cast(summer.teller as numeric(18, 6))
            else {{ andel('maal.faktor * summer.teller', 'summer.nevner') }}
        end as lager_verdi,
        case when publisert.avrunding > 1 then 0.5 * publisert.avrunding else maal.toleranse end as toleranse,
        case
            when publisert.sikkerhet = 'mer enn' then 'nedre_grense'
            when publisert.avrunding > 1 or maal.toleranse > 0 then 'avrundet'
            else 'eksakt'
        end as sammenligning,
        aarganger.aargang is not null as i_perioden,
        maal.sammenlignes,
        summer.enheter_med_tall,
        summer.enheter_i_alt,
        publisert.sikkerhet,
        publisert.kilde
    from publisert
    cross join bydeler
    left join maal on publisert.omfang = maal.omfang and publisert.maal = maal.maal
    left join aarganger on publisert.aargang = aarganger.aargang
    left join summer
        on
            publisert.omfang = summer.omfang
            and publisert.maal = summer.maal
            and publisert.aargang = summer.aargang

),

final as (

    select
        *,
        case
            when not i_perioden then 'utenfor_perioden'
            when sammenlignes = 'nei' or lager_verdi is null then 'ikke_i_lageret'
            when sammenligning = 'nedre_grense'
                then case when lager_verdi >= publisert_verdi then 'samsvar' else 'avvik' end
            when abs(lager_verdi - publisert_verdi) <= toleranse then 'samsvar'
            else 'avvik'
        end as resultat
    from sammenlignet

)

select
    cast(aargang as integer) as aargang,
    region_nr,
    maal,
    utgitt,
    cast(publisert_verdi as numeric(18, 6)) as publisert_verdi,
    cast(lager_verdi as numeric(18, 6)) as lager_verdi,
    case when lager_verdi is null then '..' end as lager_symbol,
    cast(lager_verdi - publisert_verdi as numeric(18, 6)) as differanse,
    sammenligning,
    cast(toleranse as numeric(18, 6)) as toleranse,
    resultat,
    cast(enheter_med_tall as integer) as enheter_med_tall,
    cast(enheter_i_alt as integer) as enheter_i_alt,
    sikkerhet,
    kilde
from final
