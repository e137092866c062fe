{#- What a hard control within a delivery takes out of the figures. Thousand errors first: a total that only disagrees
    with such a part is right. An accepted finding takes nothing out. -#}
with regler as (

    select * from {{ ref('regler') }}
    where behandling in ('satt_til_side', 'delene_foer_totalen')

),

svar as (

    select * from {{ ref('int_kontroll__formsvar') }}

),

unntak as (

    select * from {{ ref('int_kontroll__unntak') }}

),

tusenfeil as (

    {{ kontroll_tusenfeil('svar', 'regler', ref('int_region__enhet_aar')) }}

),

foerste as (

    select tusenfeil.*
    from tusenfeil
    left join unntak
        on
            tusenfeil.regel_nr = unntak.regel_nr
            and tusenfeil.aargang = unntak.aargang
            and tusenfeil.enhet_nr = unntak.enhet_nr
    where tusenfeil.utslag and unntak.regel_nr is null

),

svar_igjen as (

    select svar.*
    from svar
    left join foerste
        on
            svar.kilde = foerste.kilde
            and svar.aargang = foerste.aargang
            and svar.enhet_nr = foerste.enhet_nr
            and svar.felt = foerste.felt
    where foerste.felt is null

),

deler as (

    {{ kontroll_del_hoeyst_hele('svar_igjen', 'regler') }}
    union all
    {{ kontroll_deler_summerer('svar_igjen', 'regler', ref('int_kontroll__felt')) }}

),

andre as (

    select deler.*
    from deler
    left join unntak
        on
            deler.regel_nr = unntak.regel_nr
            and deler.aargang = unntak.aargang
            and deler.enhet_nr = unntak.enhet_nr
    where deler.utslag and unntak.regel_nr is null

),

samlet as (

    select * from foerste
    union all
    select * from andre

),

-- Two rules can take out the same answer; one row says which was the first.
final as (

    select
        samlet.kilde,
        samlet.aargang,
        samlet.enhet_nr,
        samlet.felt,
        min({{ tegnvis('samlet.regel_nr') }}) as regel_nr,
        max(case when regler.behandling = 'delene_foer_totalen' then 1 else 0 end) = 1 as delene_gjelder
    from samlet
    inner join regler on samlet.regel_nr = regler.regel_nr
    group by samlet.kilde, samlet.aargang, samlet.enhet_nr, samlet.felt

)

select * from final
