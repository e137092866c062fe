with grupper as (

    select * from {{ ref('int_kmd__gruppe') }}

),

avvik as (

    select * from {{ ref('avvik_kmd_tilskudd') }}

),

terskler as (

    select
        aargang,
        {{ terskel('hovedgrunn_prosent', 'registeraar.aargang') }} as prosent
    from {{ ref('aargang') }} as registeraar

),

enheter as (

    select
        grupper.aargang,
        grupper.gruppetype,
        grupper.gruppe,
        case when grupper.besvart then 1 else 0 end as svart,
        case when avvik.avvik is not null then 1 else 0 end as svart_begge,
        case when avvik.avvik <> 0 then 1 else 0 end as uten_samsvar,
        case when avvik.avvik > 0 then 1 else 0 end as flere_enn_tilskudd,
        case
            when avvik.avvik > 0 and 100 * avvik.forklart_foer_1994 >= terskler.prosent * avvik.avvik then 1 else 0
        end as hovedgrunn,
        case when avvik.avvik is not null then avvik.omsorgsboliger end as omsorgsboliger,
        case when avvik.avvik is not null then avvik.bygget_med_tilskudd end as bygget_med_tilskudd,
        avvik.avvik,
        avvik.forklart_foer_1994,
        avvik.rest
    from grupper
    inner join terskler on grupper.aargang = terskler.aargang
    left join avvik on grupper.aargang = avvik.aargang and grupper.enhet_nr = avvik.enhet_nr

),

final as (

    select
        aargang,
        gruppetype,
        gruppe,
        sum(svart) as enheter_svart,
        sum(svart_begge) as enheter_svart_begge,
        sum(uten_samsvar) as enheter_uten_samsvar,
        sum(flere_enn_tilskudd) as enheter_flere_enn_tilskudd,
        sum(hovedgrunn) as enheter_hovedgrunn_foer_1994,
        coalesce(sum(omsorgsboliger), 0) as omsorgsboliger,
        coalesce(sum(bygget_med_tilskudd), 0) as bygget_med_tilskudd,
        coalesce(sum(avvik), 0) as avvik,
        coalesce(sum(forklart_foer_1994), 0) as forklart_foer_1994,
        coalesce(sum(rest), 0) as rest
    from enheter
    group by aargang, gruppetype, gruppe

)

select
    cast(aargang as integer) as aargang,
    gruppetype,
    gruppe,
    cast(enheter_svart as integer) as enheter_svart,
    cast(enheter_svart_begge as integer) as enheter_svart_begge,
    cast(enheter_uten_samsvar as integer) as enheter_uten_samsvar,
    cast({{ andel('enheter_uten_samsvar', 'enheter_svart_begge') }} as numeric(18, 6)) as andel_uten_samsvar,
    case when enheter_svart_begge = 0 then '..' end as andel_uten_samsvar_symbol,
    cast({{ andel('enheter_uten_samsvar', 'enheter_svart') }} as numeric(18, 6)) as andel_uten_samsvar_av_alle,
    case when enheter_svart = 0 then '..' end as andel_uten_samsvar_av_alle_symbol,
    cast(enheter_flere_enn_tilskudd as integer) as enheter_flere_enn_tilskudd,
    cast(enheter_hovedgrunn_foer_1994 as integer) as enheter_hovedgrunn_foer_1994,
    cast({{ andel('enheter_hovedgrunn_foer_1994', 'enheter_uten_samsvar') }} as numeric(18, 6))
        as andel_hovedgrunn_foer_1994,
    case when enheter_uten_samsvar = 0 then '..' end as andel_hovedgrunn_foer_1994_symbol,
    cast(omsorgsboliger as bigint) as omsorgsboliger,
    cast(bygget_med_tilskudd as bigint) as bygget_med_tilskudd,
    cast(avvik as bigint) as avvik,
    cast(forklart_foer_1994 as bigint) as forklart_foer_1994,
    cast(rest as bigint) as rest
from final
