with avvik as (

    select * from {{ ref('avvik_kmd_iplos') }}

),

tiltak as (

    select * from {{ ref('oppfolging') }}

),

residualer as (

    select * from {{ ref('boligmasse_formaal_metode') }}
    where formaal = 'vanskeligstilte'

),

-- Every unit with a large deviation, and every unit that somebody follows up.
arbeid as (

    select
        avvik.*,
        coalesce(egne.tiltak_nr, felles.tiltak_nr) as tiltak_nr,
        egne.kontaktet,
        egne.svar,
        egne.nytt_tall,
        egne.nytt_tall_kilde,
        case
            when egne.nytt_tall_kilde = 'kmd' then egne.nytt_tall - avvik.iplos_personer_levert
            when egne.nytt_tall_kilde = 'iplos' then avvik.kmd_boliger - egne.nytt_tall
        end as avvik_etter,
        case egne.nytt_tall_kilde when 'kmd' then 'residual_kmd' when 'iplos' then 'residual_iplos' end
            as residual_metode,
        case egne.nytt_tall_kilde
            when 'kmd' then avvik.kmd_boliger - egne.nytt_tall
            when 'iplos' then avvik.iplos_personer - egne.nytt_tall
        end as residual_endring
    from avvik
    left join tiltak as egne on avvik.aargang = egne.aargang and avvik.enhet_nr = egne.enhet_nr
    left join tiltak as felles
        on avvik.aargang = felles.aargang and felles.gjelder = 'stort_avvik'
    where avvik.stort_avvik or egne.tiltak_nr is not null

),

-- A new figure in place of a subtrahend moves the residual of its method the other way.
med_virkning as (

    select
        arbeid.*,
        {{ referansedato() }} as referansedato,
        case when arbeid.residual_endring is not null then residualer.antall end as residual_foer,
        residualer.antall + arbeid.residual_endring as residual_etter,
        case
            when arbeid.oppfolging_status = 'ikke_kontaktet' then 1
            when arbeid.oppfolging_status = 'kontaktet' then 2
            when arbeid.oppfolging_status = 'besvart' then 3
            else 4
        end as trinn
    from arbeid
    left join residualer
        on
            arbeid.aargang = residualer.aargang
            and arbeid.enhet_nr = residualer.enhet_nr
            and arbeid.residual_metode = residualer.metode

),

-- First those not contacted, the unexplained before the explained, the greatest unexplained rest first.
final as (

    select
        *,
        {{ dager_mellom('referansedato', 'oppfolging_frist') }} as dager_til_frist,
        row_number() over (
            partition by aargang
            order by
                trinn asc,
                case when stort_avvik then 1 else 2 end asc,
                case when sannsynlig_aarsak = 'U' then 1 else 2 end asc,
                abs(uforklart) desc nulls last,
                {{ tegnvis('enhet_nr') }} asc
        ) as prioritet
    from med_virkning

)

select
    cast(aargang as integer) as aargang,
    cast(prioritet as integer) as prioritet,
    enhet_nr,
    enhet_type,
    komm_nr,
    enhet_navn,
    kmd_boliger,
    kmd_boliger_symbol,
    iplos_personer_levert,
    iplos_personer_levert_symbol,
    avvik,
    avvik_symbol,
    stort_avvik,
    forklart,
    uforklart,
    bevis,
    sannsynlig_aarsak,
    sannsynlig_aarsak_navn,
    tiltak_nr,
    oppfolging_status,
    cast(kontaktet as date) as kontaktet,
    svar,
    aarsak_bekreftet,
    oppfolging_ansvarlig,
    oppfolging_frist,
    cast(dager_til_frist as integer) as dager_til_frist,
    case
        when dager_til_frist is not null then null
        when oppfolging_frist is null then '.'
        else '..'
    end as dager_til_frist_symbol,
    cast(nytt_tall as bigint) as nytt_tall,
    case when nytt_tall is null then '...' end as nytt_tall_symbol,
    nytt_tall_kilde,
    cast(avvik_etter as bigint) as avvik_etter,
    case
        when avvik_etter is not null then null
        when nytt_tall is null then '...'
        else '..'
    end as avvik_etter_symbol,
    residual_metode,
    cast(residual_foer as bigint) as residual_foer,
    cast(residual_etter as bigint) as residual_etter,
    case
        when residual_etter is not null then null
        when nytt_tall is null then '...'
        else '..'
    end as residual_symbol
from final
