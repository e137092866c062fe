{#- The answers as the controls read them, and beside them what no single row of a delivery states. -#}
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

beregnet as (

    select * from {{ ref('int_kontroll__beregnet') }}

),

-- Yes and no are 1 and 0, so that a rule can compare them with figures; a blank answer is a row without a figure.
besvart as (

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

),

-- A unit outside the division of the year is known by the length of its code only.
final as (

    select * from besvart

    union all

    select
        beregnet.kilde,
        beregnet.aargang,
        beregnet.enhet_nr,
        coalesce(enheter.enhet_type, case when length(beregnet.enhet_nr) = 6 then 'bydel' else 'kommune' end)
            as enhet_type,
        coalesce(enheter.komm_nr, substring(beregnet.enhet_nr from 1 for 4)) as komm_nr,
        cast(null as varchar(10)) as fil,
        cast(null as bigint) as rad_nr,
        beregnet.felt,
        'beregnet' as datatype,
        beregnet.antall
    from beregnet
    left join enheter on beregnet.aargang = enheter.aargang and beregnet.enhet_nr = enheter.enhet_nr
    where beregnet.antall is not null

)

select * from final
