with kriterier as (

    select * from {{ ref('iplos_vurdering_kriterium') }}

),

-- What a reader sees of a criterion: its name, the value and the limit.
ord as (

    select
        *,
        case
            when maaleenhet = 'prosent' then cast(cast(verdi as numeric(18, 2)) as varchar(30))
            else cast(teller as varchar(30))
        end as tall,
        case when maaleenhet = 'prosent' then ' prosent' else '' end as enhet_nb,
        case when maaleenhet = 'prosent' then ' per cent' else '' end as enhet_en
    from kriterier

),

telt as (

    select
        aargang,
        count(*) as antall_kriterier,
        count(case when resultat = 'oppfylt' then 1 end) as oppfylt,
        count(case when resultat = 'ikke_oppfylt' then 1 end) as ikke_oppfylt,
        count(case when resultat = '.' then 1 end) as ikke_vurdert,
        count(case when resultat = 'ikke_oppfylt' and konsekvens = 'kan_ikke_brukes' then 1 end) as avgjoerende,
        {{ tekstliste(
            "case when resultat = 'ikke_oppfylt' then navn_nb || ' (' || replace(tall, '.', ',') || enhet_nb || ', krav ' "
            ~ "|| case when krav = 'minst' then 'minst ' else 'høyst ' end || cast(grense as varchar(30)) || ')' end",
            '; '
        ) }} as ikke_oppfylt_nb,
        {{ tekstliste(
            "case when resultat = 'ikke_oppfylt' then navn_en || ' (' || tall || enhet_en || ', required '"
            ~ " || case when krav = 'minst' then 'at least ' else 'at most ' end || cast(grense as varchar(30)) || ')' end",
            '; '
        ) }} as ikke_oppfylt_en,
        {{ tekstliste("case when resultat = '.' then navn_nb end", '; ') }} as ikke_vurdert_nb,
        {{ tekstliste("case when resultat = '.' then navn_en end", '; ') }} as ikke_vurdert_en
    from ord
    group by aargang

),

-- R041: one decisive criterion that is not met is enough; what cannot be judged never gives a clean verdict.
vurdert as (

    select
        *,
        case
            when avgjoerende > 0 then 'kan_ikke_brukes'
            when ikke_oppfylt > 0 or ikke_vurdert > 0 then 'kan_brukes_med_forbehold'
            else 'kan_brukes'
        end as vurdering
    from telt

),

final as (

    select
        *,
        case vurdering
            when 'kan_ikke_brukes' then ' kan ikke brukes som beholdning av boliger til helse- og omsorgsformål.'
            when 'kan_brukes' then ' kan brukes som beholdning av boliger til helse- og omsorgsformål.'
            else ' kan brukes som beholdning av boliger til helse- og omsorgsformål, med forbehold.'
        end as dom_nb,
        case vurdering
            when 'kan_ikke_brukes' then ' cannot be used as the stock of dwellings for health and care purposes.'
            when 'kan_brukes' then ' can be used as the stock of dwellings for health and care purposes.'
            else ' can be used as the stock of dwellings for health and care purposes, with reservation.'
        end as dom_en
    from vurdert

)

select
    cast(aargang as integer) as aargang,
    vurdering,
    cast(antall_kriterier as integer) as antall_kriterier,
    cast(oppfylt as integer) as oppfylt,
    cast(ikke_oppfylt as integer) as ikke_oppfylt,
    cast(ikke_vurdert as integer) as ikke_vurdert,
    'IPLOS ' || cast(aargang as varchar(4)) || dom_nb
    || case when vurdering = 'kan_brukes' then ' Alle kriteriene er oppfylt.' else '' end
    || coalesce(' Ikke oppfylt: ' || ikke_oppfylt_nb || '.', '')
    || coalesce(' Kan ikke vurderes: ' || ikke_vurdert_nb || '.', '') as begrunnelse_nb,
    'IPLOS ' || cast(aargang as varchar(4)) || dom_en
    || case when vurdering = 'kan_brukes' then ' All the criteria are met.' else '' end
    || coalesce(' Not met: ' || ikke_oppfylt_en || '.', '')
    || coalesce(' Cannot be judged: ' || ikke_vurdert_en || '.', '') as begrunnelse_en
from final
