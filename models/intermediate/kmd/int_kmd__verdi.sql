{{ verdi_per_enhet(
    svar=ref('int_kmd__svar'),
    kilde='kmd',
    katalog=ref('kmd_felt'),
    uten_svar='ikke_svart',
    besvart_felt='besvart'
) }}
