with
{{ avvik(a=['skjema13_boliger', 'skjema13', 'boliger_i_alt'], b=['kmd_boliger', 'kmd', 'boliger_i_alt']) }}

select
    cast(aargang as integer) as aargang,
    enhet_nr,
    enhet_type,
    komm_nr,
    enhet_navn,
    cast(skjema13_boliger as bigint) as skjema13_boliger,
    skjema13_boliger_symbol,
    cast(kmd_boliger as bigint) as kmd_boliger,
    kmd_boliger_symbol,
    cast(avvik as bigint) as avvik,
    avvik_symbol,
    cast(avvik_relativ as numeric(18, 6)) as avvik_relativ,
    cast(stort_avvik as boolean) as stort_avvik,
    avviksklasse
from avvik
