with
{{ avvik(
    a=['omsorgsboliger', 'kmd', 'omsorgsboliger'],
    b=['bygget_med_tilskudd', 'kmd', 'omsorgsboliger_tilskudd_mva']
) }},

foer_1994 as (

    select * from tall
    where kilde = 'kmd' and maal = 'omsorgsboliger_foer_1994'

),

-- R044: what the dwellings from before the grant scheme explain: at most the whole difference, never one with too few
-- dwellings. An unanswered question explains nothing.
forklart as (

    select
        avvik.*,
        foer_1994.antall as bygget_foer_1994,
        foer_1994.symbol as bygget_foer_1994_symbol,
        case
            when avvik.avvik is not null then least(coalesce(foer_1994.antall, 0), greatest(avvik.avvik, 0))
        end as forklart_foer_1994
    from avvik
    left join foer_1994 on avvik.aargang = foer_1994.aargang and avvik.enhet_nr = foer_1994.enhet_nr

)

select
    cast(aargang as integer) as aargang,
    enhet_nr,
    enhet_type,
    komm_nr,
    enhet_navn,
    cast(omsorgsboliger as bigint) as omsorgsboliger,
    omsorgsboliger_symbol,
    cast(bygget_med_tilskudd as bigint) as bygget_med_tilskudd,
    bygget_med_tilskudd_symbol,
    cast(avvik as bigint) as avvik,
    avvik_symbol,
    cast(avvik_relativ as numeric(18, 6)) as avvik_relativ,
    cast(avvik = 0 as boolean) as samsvar,
    cast(bygget_foer_1994 as bigint) as bygget_foer_1994,
    bygget_foer_1994_symbol,
    cast(forklart_foer_1994 as bigint) as forklart_foer_1994,
    cast(avvik - forklart_foer_1994 as bigint) as rest,
    cast(stort_avvik as boolean) as stort_avvik,
    avviksklasse
from forklart
