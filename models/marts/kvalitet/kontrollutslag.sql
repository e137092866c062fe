with utslag as (

    select * from {{ ref('int_kontroll__utslag') }}

),

regler as (

    select * from {{ ref('regler') }}

),

svar as (

    select * from {{ ref('int_kontroll__svar') }}

),

enheter as (

    select * from {{ ref('int_region__enhet_aar') }}

),

kommuner as (

    select
        komm_nr,
        max(komm_navn) as komm_navn
    from {{ ref('kommune') }}
    group by komm_nr

),

unntak as (

    select * from {{ ref('int_kontroll__unntak') }}

),

-- The field as the form of the year puts it, with its question number where that is known.
felter as (

    select
        aargang.aargang,
        felter.kilde,
        felter.felt,
        '«' || felter.ledetekst_nb || '»'
        || case
            when felter.spoersmaal_aargang = aargang.aargang
                then coalesce(' (spørsmål ' || cast(felter.spoersmaal_nr as varchar(10)) || ')', '')
            else ''
        end as ledetekst
    from {{ ref('aargang') }} as aargang
    inner join {{ ref('int_kontroll__felt') }} as felter
        on
            aargang.aargang >= felter.gyldig_fra
            and aargang.aargang <= coalesce(felter.gyldig_til, aargang.aargang)

),

final as (

    select
        utslag.regel_nr,
        regler.alvorlighet,
        utslag.kilde,
        utslag.aargang,
        utslag.enhet_nr,
        svar.enhet_type,
        svar.komm_nr,
        coalesce(enheter.enhet_navn, kommuner.komm_navn, 'Ukjent enhet') as enhet_navn,
        utslag.felt,
        utslag.funnet,
        utslag.mot_felt,
        utslag.forventet,
        replace(
            replace(
                replace(
                    replace(regler.melding_nb, '{funnet}', coalesce(cast(utslag.funnet as varchar(20)), 'blankt')),
                    '{forventet}', cast(utslag.forventet as varchar(20))
                ),
                '{felt}', coalesce(felter.ledetekst, '')
            ),
            '{mot_felt}', coalesce(mot_felter.ledetekst, '')
        ) as melding,
        -- An accepted figure is used as it was delivered, where the rule would have set it aside.
        case
            when unntak.regel_nr is not null and regler.behandling in ('satt_til_side', 'delene_foer_totalen')
                then 'brukt_som_levert'
            else regler.behandling
        end as behandling,
        unntak.regel_nr is not null as unntak,
        unntak.begrunnelse as unntak_begrunnelse,
        unntak.besluttet_av as unntak_besluttet_av,
        unntak.siste_aar as unntak_siste_aar,
        svar.fil,
        utslag.rad_nr
    from utslag
    inner join regler on utslag.regel_nr = regler.regel_nr
    inner join svar
        on
            utslag.kilde = svar.kilde
            and utslag.aargang = svar.aargang
            and utslag.enhet_nr = svar.enhet_nr
            and utslag.felt = svar.felt
    left join enheter on utslag.aargang = enheter.aargang and utslag.enhet_nr = enheter.enhet_nr
    left join kommuner on utslag.enhet_nr = kommuner.komm_nr
    left join unntak
        on
            utslag.regel_nr = unntak.regel_nr
            and utslag.aargang = unntak.aargang
            and utslag.enhet_nr = unntak.enhet_nr
    left join felter
        on utslag.aargang = felter.aargang and utslag.kilde = felter.kilde and utslag.felt = felter.felt
    left join felter as mot_felter
        on
            utslag.aargang = mot_felter.aargang
            and regler.mot_kilde = mot_felter.kilde
            and utslag.mot_felt = mot_felter.felt

)

select
    regel_nr,
    alvorlighet,
    kilde,
    cast(aargang as integer) as aargang,
    enhet_nr,
    enhet_type,
    komm_nr,
    enhet_navn,
    felt,
    cast(funnet as bigint) as funnet,
    mot_felt,
    cast(forventet as bigint) as forventet,
    melding,
    behandling,
    cast(unntak as boolean) as unntak,
    unntak_begrunnelse,
    unntak_besluttet_av,
    cast(unntak_siste_aar as integer) as unntak_siste_aar,
    fil,
    cast(rad_nr as bigint) as rad_nr
from final
