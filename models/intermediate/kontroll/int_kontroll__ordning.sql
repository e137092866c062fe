with svar as (

    select * from {{ ref('int_skjema13__svar') }}
    where aarsak in ('brukt', 'blank')

),

-- The names that a municipality gives its scheme, against the register of names.
navn as (

    select
        svar.aargang,
        svar.enhet_nr,
        synonymer.betydning
    from svar
    inner join {{ ref('bostotte_synonym') }} as synonymer
        on
            translate(svar.verdi, 'ABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅ', 'abcdefghijklmnopqrstuvwxyzæøå')
            like '%' || synonymer.uttrykk || '%'
    where svar.felt = 'kommunal_bostotte_navn'

),

ordninger as (

    select
        aargang,
        enhet_nr,
        case when aarsak = 'blank' then 1 else 0 end as uten_husstander
    from svar
    where felt = 'kommunal_bostotte_husstander'

),

treff as (

    select
        ordninger.aargang,
        ordninger.enhet_nr,
        max(case when navn.betydning = 'kommunal_bostotte' then ordninger.uten_husstander else 0 end)
            as navn_uten_husstander,
        max(case when navn.betydning = 'okonomisk_sosialhjelp' then 1 else 0 end) as navn_okonomisk_sosialhjelp,
        max(case when navn.betydning = 'statlig_bostotte' then 1 else 0 end) as navn_statlig_bostotte
    from ordninger
    left join navn on ordninger.aargang = navn.aargang and ordninger.enhet_nr = navn.enhet_nr
    group by ordninger.aargang, ordninger.enhet_nr

),

final as (

    {%- for maal in ['navn_uten_husstander', 'navn_okonomisk_sosialhjelp', 'navn_statlig_bostotte'] %}

    select
        'skjema13' as kilde,
        aargang,
        enhet_nr,
        '{{ maal }}' as felt,
        {{ maal }} as antall
    from treff
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

)

select * from final
