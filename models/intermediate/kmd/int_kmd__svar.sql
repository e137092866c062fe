{{ svar_med_status(
    svar=ref('stg_kmd__svar'),
    kilde='kmd',
    katalog=ref('kmd_felt'),
    tidspunkt_felt='innsendt_dato',
    besvart_felt='besvart'
) }}
