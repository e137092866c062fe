{% macro kontrollsammenligning(svar, regler, katalog, enheter) %}
    {{ kontroll_del_hoeyst_hele(svar, regler) }}
    union all
    {{ kontroll_deler_summerer(svar, regler, katalog) }}
    union all
    {{ kontroll_kryss_og_tall(svar, regler) }}
    union all
    {{ kontroll_nei_og_tall(svar, regler) }}
    union all
    {{ kontroll_bydeler_og_by(svar, regler, enheter) }}
    union all
    {{ kontroll_stort_avvik(svar, regler) }}
    union all
    {{ kontroll_naer_referanse(svar, regler) }}
    union all
    {{ kontroll_null_etter_tall(svar, regler, enheter) }}
    union all
    {{ kontroll_blank_etter_tall(svar, regler, enheter) }}
    union all
    {{ kontroll_tusenfeil(svar, regler, enheter) }}
    union all
    {{ kontroll_uvanlig_endring(svar, regler, enheter) }}
    union all
    {{ kontroll_skal_vaere_null(svar, regler) }}
    union all
    {{ kontroll_ikke_levert(svar, regler) }}
    union all
    {{ kontroll_ingen_ved_siden_av(svar, regler) }}
{% endmacro %}
