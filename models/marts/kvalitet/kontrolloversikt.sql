with sammenligninger as (

    select * from {{ ref('int_kontroll__sammenligning') }}

),

utslag as (

    select * from {{ ref('kontrollutslag') }}

),

regler as (

    select * from {{ ref('regler') }}

),

kontrollert as (

    select
        regel_nr,
        aargang,
        count(distinct enhet_nr) as enheter_kontrollert,
        count(*) as svar_kontrollert
    from sammenligninger
    group by regel_nr, aargang

),

funnet as (

    select
        regel_nr,
        aargang,
        count(distinct enhet_nr) as enheter_med_utslag,
        count(*) as antall_utslag,
        sum(case when unntak then 1 else 0 end) as antall_unntak
    from utslag
    group by regel_nr, aargang

),

telt as (

    select
        kontrollert.regel_nr,
        regler.alvorlighet,
        kontrollert.aargang,
        kontrollert.enheter_kontrollert,
        kontrollert.svar_kontrollert,
        coalesce(funnet.enheter_med_utslag, 0) as enheter_med_utslag,
        coalesce(funnet.antall_utslag, 0) as antall_utslag,
        coalesce(funnet.antall_unntak, 0) as antall_unntak
    from kontrollert
    inner join regler on kontrollert.regel_nr = regler.regel_nr
    left join funnet on kontrollert.regel_nr = funnet.regel_nr and kontrollert.aargang = funnet.aargang

),

final as (

    select
        naa.*,
        {{ andel('naa.enheter_med_utslag', 'naa.enheter_kontrollert') }} as andel_enheter,
        foer.enheter_med_utslag as enheter_med_utslag_foer
    from telt as naa
    left join telt as foer on naa.regel_nr = foer.regel_nr and naa.aargang - 1 = foer.aargang

)

select
    regel_nr,
    alvorlighet,
    cast(aargang as integer) as aargang,
    cast(enheter_kontrollert as integer) as enheter_kontrollert,
    cast(svar_kontrollert as integer) as svar_kontrollert,
    cast(enheter_med_utslag as integer) as enheter_med_utslag,
    cast(antall_utslag as integer) as antall_utslag,
    cast(antall_unntak as integer) as antall_unntak,
    cast(andel_enheter as numeric(18, 6)) as andel_enheter,
    cast(enheter_med_utslag_foer as integer) as enheter_med_utslag_foer,
    cast(enheter_med_utslag - enheter_med_utslag_foer as integer) as endring
from final
