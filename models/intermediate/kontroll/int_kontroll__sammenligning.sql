{{ kontrollsammenligning(
    svar=ref('int_kontroll__svar'),
    regler=ref('regler'),
    katalog=ref('int_kontroll__felt'),
    enheter=ref('int_region__enhet_aar')
) }}
