{{ verdi_per_enhet(
    svar=ref('int_skjema13__svar'),
    kilde='skjema13',
    katalog=ref('skjema13_felt'),
    uten_svar='ikke_levert',
    nullmelding_felt='ingenting_aa_rapportere'
) }}
