with enheter as (

    select enhet_aar.*
    from {{ ref('int_region__enhet_aar') }} as enhet_aar
    inner join {{ ref('aargang') }} as aarganger
        on enhet_aar.aargang = aarganger.aargang and aarganger.iplos = 'ja'
    where enhet_aar.rapporterer = 'ja' or enhet_aar.samler_ukjente = 'ja'

),

vedtak as (

    select * from {{ ref('int_iplos__vedtak') }}
    where aarsak <> 'erstattet_av_nyere_leveranse'

),

personer as (

    select * from {{ ref('int_iplos__person') }}

),

levert as (

    select
        aargang,
        komm_nr,
        count(*) as antall_vedtak,
        sum(case when tjenestegruppe = 'bolig' then 1 else 0 end) as antall_boligvedtak,
        sum(case when aarsak in ('mangler_startdato', 'ugyldig_dato') then 1 else 0 end) as vedtak_uten_dato
    from vedtak
    group by aargang, komm_nr

),

-- A person counts in the municipality and, where it has them, in the district.
plassert as (

    select
        *,
        komm_nr as telles_i
    from personer

    union all

    select
        *,
        enhet_nr as telles_i
    from personer
    where enhet_nr <> komm_nr

),

telt as (

    select
        aargang,
        telles_i as enhet_nr,
        sum(case when levert_3112 then 1 else 0 end) as personer_levert,
        sum(case when bro_aarsak = 'brukt' then 1 else 0 end) as personer,
        sum(case when bro_aarsak = 'ugyldig_id' then 1 else 0 end) as bro_ugyldig_id,
        sum(case when bro_aarsak = 'doed_foer_3112' then 1 else 0 end) as bro_doed_foer_3112,
        sum(case when bro_aarsak = 'annen_kommune' then 1 else 0 end) as bro_annen_kommune,
        count(*) as personer_levert_i_aaret,
        sum(case when brukt_i_aaret then 1 else 0 end) as personer_i_aaret
    from plassert
    group by aargang, telles_i

),

-- No row at all is missing; rows but no dwelling decision is zero, as delivered.
final as (

    select
        enheter.aargang,
        enheter.enhet_nr,
        enheter.enhet_type,
        enheter.komm_nr,
        levert.antall_vedtak,
        levert.antall_boligvedtak,
        levert.vedtak_uten_dato,
        {%- for maal in [
            'personer_levert', 'personer', 'bro_ugyldig_id', 'bro_doed_foer_3112', 'bro_annen_kommune',
            'personer_levert_i_aaret', 'personer_i_aaret'
        ] %}
        cast(case when levert.antall_vedtak is not null then coalesce(telt.{{ maal }}, 0) end as bigint) as {{ maal }},
        {%- endfor %}
        case when levert.antall_vedtak is null then 'ikke_levert' end as symbol_aarsak
    from enheter
    left join levert on enheter.aargang = levert.aargang and enheter.komm_nr = levert.komm_nr
    left join telt on enheter.aargang = telt.aargang and enheter.enhet_nr = telt.enhet_nr

)

select * from final
