{%- set kilder = {
    'skjema13': (ref('stg_skjema13__svar'), ref('int_skjema13__svar'), 'enhet_nr'),
    'kmd': (ref('stg_kmd__svar'), ref('int_kmd__svar'), 'enhet_nr'),
    'husbanken': (ref('stg_husbanken__svar'), ref('int_husbanken__svar'), 'enhet_nr'),
    'iplos': (ref('stg_iplos__vedtak'), ref('int_iplos__vedtak'), 'komm_nr'),
} -%}

with
{%- for kilde, (inn, ut, enhet) in kilder.items() %}

{{ kilde }}_levert as (

    select
        '{{ kilde }}' as kilde,
        aargang,
        {{ enhet }} as enhet_nr,
        count(*) as antall_inn
    from {{ inn }}
    group by aargang, {{ enhet }}

),

{{ kilde }}_behandlet as (

    select
        '{{ kilde }}' as kilde,
        aargang,
        {{ enhet }} as enhet_nr,
        sum(case when status = 'brukt' then 1 else 0 end) as antall_brukt,
        sum(case when status = 'utelatt' then 1 else 0 end) as antall_utelatt,
        sum(case when status = 'karantene' then 1 else 0 end) as antall_karantene
    from {{ ut }}
    group by aargang, {{ enhet }}

),
{%- endfor %}

levert as (

    select * from skjema13_levert
    union all
    select * from kmd_levert
    union all
    select * from husbanken_levert
    union all
    select * from iplos_levert

),

behandlet as (

    select * from skjema13_behandlet
    union all
    select * from kmd_behandlet
    union all
    select * from husbanken_behandlet
    union all
    select * from iplos_behandlet

),

final as (

    select
        coalesce(levert.kilde, behandlet.kilde) as kilde,
        coalesce(levert.aargang, behandlet.aargang) as aargang,
        coalesce(levert.enhet_nr, behandlet.enhet_nr) as enhet_nr,
        coalesce(levert.antall_inn, 0) as antall_inn,
        coalesce(behandlet.antall_brukt, 0) as antall_brukt,
        coalesce(behandlet.antall_utelatt, 0) as antall_utelatt,
        coalesce(behandlet.antall_karantene, 0) as antall_karantene
    from levert
    full outer join behandlet
        on
            levert.kilde = behandlet.kilde
            and levert.aargang = behandlet.aargang
            and levert.enhet_nr = behandlet.enhet_nr

)

select * from final
