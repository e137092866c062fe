with
{{ avvik(
    a=['omsorgsboliger', 'kmd', 'omsorgsboliger'],
    b=['bygget_med_tilskudd', 'kmd', 'omsorgsboliger_tilskudd_mva']
) }}

select
    cast(avvik.aargang as integer) as aargang,
    avvik.enhet_nr,
    avvik.enhet_type,
    avvik.komm_nr,
    avvik.enhet_navn,
    cast(avvik.omsorgsboliger as bigint) as omsorgsboliger,
    avvik.omsorgsboliger_symbol,
    cast(avvik.bygget_med_tilskudd as bigint) as bygget_med_tilskudd,
    avvik.bygget_med_tilskudd_symbol,
    cast(avvik.avvik as bigint) as avvik,
    avvik.avvik_symbol,
    cast(avvik.avvik_relativ as numeric(18, 6)) as avvik_relativ,
    cast(avvik.avvik = 0 as boolean) as samsvar,
    cast(foer_1994.antall as bigint) as bygget_foer_1994,
    foer_1994.symbol as bygget_foer_1994_symbol,
    cast(avvik.stort_avvik as boolean) as stort_avvik,
    avvik.avviksklasse
from avvik
left join tall as foer_1994
    on
        avvik.aargang = foer_1994.aargang
        and avvik.enhet_nr = foer_1994.enhet_nr
        and foer_1994.kilde = 'kmd'
        and foer_1994.maal = 'omsorgsboliger_foer_1994'
