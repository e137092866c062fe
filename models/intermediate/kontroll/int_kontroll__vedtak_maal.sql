{%- set vedtak_aarsaker = [
    'mangler_startdato', 'ugyldig_dato', 'umulig_periode', 'ukjent_tjenestetype', 'ugyldig_id', 'testperson',
    'doed_foer_aaret', 'avsluttet_foer_aaret', 'samme_person_i_enheten', 'annen_kommune', 'ukjent_enhet'
] -%}

with enheter as (

    select * from {{ ref('int_region__enhet_aar') }}

),

vedtak as (

    select * from {{ ref('int_iplos__vedtak') }}
    where aarsak <> 'erstattet_av_nyere_leveranse'

),

beboere as (

    select * from {{ ref('int_iplos__beboere') }}

),

personer as (

    select * from {{ ref('int_iplos__person') }}
    where bro_aarsak not in ('ugyldig_id', 'ikke_levert_3112')

),

telt as (

    select
        vedtak.aargang,
        vedtak.komm_nr as enhet_nr,
        sum(
            case
                when vedtak.tjenestegruppe <> 'bolig' then 0
                when extract(year from vedtak.startdato) = vedtak.aargang then 1
                when extract(year from vedtak.sluttdato) = vedtak.aargang then 1
                else 0
            end
        ) as vedtak_med_endring,
        {%- for aarsak in vedtak_aarsaker %}
        sum(case when vedtak.aarsak = '{{ aarsak }}' then 1 else 0 end) as vedtak_{{ aarsak }},
        {%- endfor %}
        sum(case when vedtak.gyldig_vedtak and vedtak.kode_utenfor_periode then 1 else 0 end)
            as vedtak_kode_utenfor_periode,
        sum(case when vedtak.gyldig_vedtak and enheter.samler_ukjente = 'ja' then 1 else 0 end) as vedtak_uten_bydel
    from vedtak
    left join enheter on vedtak.aargang = enheter.aargang and vedtak.enhet_nr = enheter.enhet_nr
    group by vedtak.aargang, vedtak.komm_nr

),

-- Persons who had a dwelling the year before in a municipality of the division that now delivered nothing at all.
fra_andre as (

    select
        naa.aargang,
        naa.komm_nr as enhet_nr,
        count(*) as personer
    from personer as naa
    inner join personer as foer
        on
            naa.aargang - 1 = foer.aargang
            and naa.person = foer.person
            and naa.komm_nr <> foer.komm_nr
    inner join beboere
        on naa.aargang = beboere.aargang and foer.komm_nr = beboere.enhet_nr and beboere.antall_vedtak is null
    group by naa.aargang, naa.komm_nr

),

final as (

    {%- for maal in ['med_endring'] + vedtak_aarsaker + ['kode_utenfor_periode', 'uten_bydel'] %}

    select
        'iplos' as kilde,
        aargang,
        enhet_nr,
        'vedtak_{{ maal }}' as felt,
        vedtak_{{ maal }} as antall
    from telt

    union all
    {%- endfor %}

    select
        'iplos' as kilde,
        beboere.aargang,
        beboere.enhet_nr,
        'personer_fra_kommune_uten_levering' as felt,
        coalesce(fra_andre.personer, 0) as antall
    from beboere
    left join fra_andre on beboere.aargang = fra_andre.aargang and beboere.enhet_nr = fra_andre.enhet_nr
    where beboere.antall_vedtak is not null and beboere.enhet_type = 'kommune'

)

select * from final
