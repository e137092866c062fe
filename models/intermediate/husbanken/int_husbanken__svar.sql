{{ svar_med_status(
    svar=ref('stg_husbanken__svar'),
    kilde='husbanken',
    katalog=ref('husbanken_felt'),
    enheter=ref('int_husbanken__region')
) }}
