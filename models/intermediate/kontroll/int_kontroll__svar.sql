with skjema13 as (

    select
        'skjema13' as kilde,
        *
    from {{ ref('int_skjema13__svar') }}
    where status = 'brukt'

),

kmd as (

    select
        'kmd' as kilde,
        *
    from {{ ref('int_kmd__svar') }}
    where status = 'brukt'

),

svar as (

    select * from skjema13
    union all
    select * from kmd

),

beholdning as (

    select * from {{ ref('int_boligmasse__beholdning') }}

),

iplos as (

    select * from {{ ref('int_iplos__beboere') }}

),

vedtak as (

    select * from {{ ref('int_iplos__vedtak') }}
    where tjenestegruppe = 'bolig' and aarsak <> 'erstattet_av_nyere_leveranse'

),

enhetssvar as (

    select * from {{ ref('int_kvalitet__svarenhet') }}
    where felt = 'ENHET'

),

enheter as (

    select * from {{ ref('int_region__enhet_aar') }}

),

-- Yes and no are 1 and 0, so that a rule can compare them with figures.
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
            when svar.datatype = 'heltall' then svar.verdi_heltall
            when {{ er_ja('svar.verdi') }} then 1
            else 0
        end as antall
    from svar
    inner join enheter on svar.aargang = enheter.aargang and svar.enhet_nr = enheter.enhet_nr
    where svar.datatype in ('heltall', 'ja_nei', 'avkryssing')

),

-- Counts that no single row of a delivery states.
beregnet as (

    select
        'lager' as kilde,
        aargang,
        enhet_nr,
        enhet_type,
        komm_nr,
        'beholdning' as felt,
        boliger_i_alt as antall
    from beholdning

    union all

    select
        'iplos' as kilde,
        aargang,
        enhet_nr,
        enhet_type,
        komm_nr,
        'iplos_personer' as felt,
        personer as antall
    from iplos

    union all

    select
        'iplos' as kilde,
        aargang,
        enhet_nr,
        enhet_type,
        komm_nr,
        'iplos_personer_levert' as felt,
        personer_levert as antall
    from iplos

    union all

    select
        'iplos' as kilde,
        vedtak.aargang,
        enheter.enhet_nr,
        enheter.enhet_type,
        enheter.komm_nr,
        'vedtak_med_endring' as felt,
        sum(
            case
                when extract(year from vedtak.startdato) = vedtak.aargang then 1
                when extract(year from vedtak.sluttdato) = vedtak.aargang then 1
                else 0
            end
        ) as antall
    from vedtak
    inner join enheter on vedtak.aargang = enheter.aargang and vedtak.komm_nr = enheter.enhet_nr
    group by vedtak.aargang, enheter.enhet_nr, enheter.enhet_type, enheter.komm_nr

    union all

    select
        enhetssvar.kilde,
        enhetssvar.aargang,
        enhetssvar.enhet_nr,
        enheter.enhet_type,
        enheter.komm_nr,
        'levert' as felt,
        case when enhetssvar.besvart then 1 else 0 end as antall
    from enhetssvar
    inner join enheter on enhetssvar.aargang = enheter.aargang and enhetssvar.enhet_nr = enheter.enhet_nr

),

final as (

    select * from besvart

    union all

    select
        kilde,
        aargang,
        enhet_nr,
        enhet_type,
        komm_nr,
        cast(null as varchar(10)) as fil,
        cast(null as bigint) as rad_nr,
        felt,
        'heltall' as datatype,
        antall
    from beregnet
    where antall is not null

)

select * from final
