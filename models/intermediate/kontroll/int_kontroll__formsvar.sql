with skjema13 as (

    select
        'skjema13' as kilde,
        *
    from {{ ref('int_skjema13__svar') }}
    where aarsak in ('brukt', 'blank')

),

kmd as (

    select
        'kmd' as kilde,
        *
    from {{ ref('int_kmd__svar') }}
    where aarsak in ('brukt', 'blank')

),

svar as (

    select * from skjema13
    union all
    select * from kmd

),

enheter as (

    select * from {{ ref('int_region__enhet_aar') }}

),

-- Yes and no are 1 and 0, so that a rule can compare them with figures; a blank answer is a row without a figure.
final as (

    select
        svar.kilde,
        svar.aargang,
        svar.enhet_nr,
        enheter.enhet_type,
        enheter.komm_nr,
        svar.fil,
        svar.rad_nr,
        svar.felt,
        svar.datatype,
        case
            when svar.aarsak = 'blank' then null
            when svar.datatype = 'heltall' then svar.verdi_heltall
            when {{ er_ja('svar.verdi') }} then 1
            else 0
        end as antall
    from svar
    inner join enheter on svar.aargang = enheter.aargang and svar.enhet_nr = enheter.enhet_nr
    where svar.datatype in ('heltall', 'ja_nei', 'avkryssing')

)

select * from final
