{%- set skjemaer = {'skjema13': ref('int_skjema13__svar'), 'kmd': ref('int_kmd__svar')} -%}
{#- The reasons of status_aarsak that a control counts, and the name of the count. -#}
{%- set svar_aarsaker = {
    'ikke_heltall': 'svar_ikke_heltall',
    'negativt_tall': 'svar_negativt',
    'ukjent_svar': 'svar_ikke_ja_nei',
    'ugyldig_dato': 'svar_ugyldig_dato',
    'enheten_har_ikke_svart': 'svar_uten_at_enheten_har_svart',
} -%}
{#- These hold for a whole row, so they are counted per row and not per field. -#}
{%- set rad_aarsaker = {'ukjent_enhet': 'svar_ukjent_enhet', 'erstattet_av_senere_svar': 'svar_flere_ganger'} -%}

with
{%- for kilde, svar in skjemaer.items() %}

{{ kilde }} as (

    select
        {%- for aarsak, maal in svar_aarsaker.items() %}
        sum(case when aarsak = '{{ aarsak }}' then 1 else 0 end) as {{ maal }},
        {%- endfor %}
        {%- for aarsak, maal in rad_aarsaker.items() %}
        count(distinct case when aarsak = '{{ aarsak }}' then rad_nr end) as {{ maal }},
        {%- endfor %}
        '{{ kilde }}' as kilde,
        aargang,
        enhet_nr
    from {{ svar }}
    where aarsak <> 'erstattet_av_nyere_leveranse'
    group by aargang, enhet_nr

),
{%- endfor %}

rader as (

    select * from skjema13
    union all
    select * from kmd

),

final as (

    {%- for maal in svar_aarsaker.values() | list + rad_aarsaker.values() | list %}

    select
        kilde,
        aargang,
        enhet_nr,
        '{{ maal }}' as felt,
        {{ maal }} as antall
    from rader
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

)

select * from final
