{#- The answers of those who answered, whole: an item that is missing is filled apart from those who did not answer. -#}
{%- set formaal = ['helse_omsorg', 'uten_behovsproving', 'vanskeligstilte'] -%}
with enheter as (

    select * from {{ ref('int_estimat__enhet') }}
    where svarte

),

lange as (
    {% for ett in formaal %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        aargang,
        enhet_nr,
        stratum,
        boliger,
        oppgitt_total,
        '{{ ett }}' as formaal,
        {{ ett }} as svar
    from enheter
    {%- endfor %}

),

summert as (

    select
        *,
        sum(svar) over (partition by aargang, enhet_nr) as sum_svar,
        count(*) over (partition by aargang, enhet_nr) - count(svar) over (partition by aargang, enhet_nr) as mangler
    from lange

),

-- How the whole answers of the stratum, else of the country, are spread on the purposes.
fordeling_stratum as (

    select
        aargang,
        stratum,
        formaal,
        sum(svar) as vekt
    from summert
    where mangler = 0
    group by aargang, stratum, formaal
    having sum(sum_svar) > 0

),

fordeling_land as (

    select
        aargang,
        formaal,
        sum(svar) as vekt
    from summert
    where mangler = 0
    group by aargang, formaal

),

-- The total is the survey's own, else the stock of form 13, when there is room for what was answered.
fylles as (

    select
        summert.aargang,
        summert.enhet_nr,
        summert.formaal,
        summert.svar,
        summert.mangler,
        summert.oppgitt_total >= summert.sum_svar as har_total,
        greatest(
            case when summert.oppgitt_total >= summert.sum_svar then summert.oppgitt_total else summert.boliger end
            - summert.sum_svar,
            0
        ) as rest,
        case when summert.svar is null then coalesce(fordeling_stratum.vekt, fordeling_land.vekt) end as vekt
    from summert
    left join fordeling_stratum
        on
            summert.aargang = fordeling_stratum.aargang
            and summert.stratum = fordeling_stratum.stratum
            and summert.formaal = fordeling_stratum.formaal
    left join fordeling_land on summert.aargang = fordeling_land.aargang and summert.formaal = fordeling_land.formaal

),

delt as (

    select
        *,
        sum(vekt) over (partition by aargang, enhet_nr) as sum_vekt
    from fylles

),

final as (

    select
        aargang,
        enhet_nr,
        formaal,
        svar as svar_levert,
        cast(
            case
                when svar is not null then svar
                when sum_vekt > 0 then {{ andel('rest * vekt', 'sum_vekt') }}
                else {{ andel('rest', 'mangler') }}
            end as numeric(18, 6)
        ) as svar,
        case
            when svar is not null then 'svar'
            when mangler = 1 and har_total then 'avledet'
            else 'fordelt'
        end as svarmetode
    from delt

)

select
    *,
    sum(svar) over (partition by aargang, enhet_nr) as sum_svar
from final
