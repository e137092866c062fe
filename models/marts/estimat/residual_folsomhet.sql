with metoder as (

    select * from {{ ref('boligmasse_formaal_metode') }}
    where enhet_type = 'kommune'

),

parametre as (

    select * from {{ ref('parameter') }}

),

tall as (

    select * from {{ ref('int_boliger__tall') }}
    where kilde = 'skjema13' and enhet_type = 'kommune'

),

-- The municipalities for which the method gives all three purposes.
fulle as (

    select
        aargang,
        enhet_nr,
        metode,
        sum(antall) as boliger,
        sum(case when formaal = 'helse_omsorg' then antall end) as helse_omsorg,
        sum(case when formaal = 'vanskeligstilte' then antall end) as vanskeligstilte
    from metoder
    group by aargang, enhet_nr, metode
    having count(*) = count(antall)

),

grunnlag as (

    select
        aargang,
        metode,
        count(*) as enheter,
        sum(boliger) as boliger,
        sum(helse_omsorg) as helse_omsorg,
        sum(vanskeligstilte) as vanskeligstilte
    from fulle
    group by aargang, metode

),

-- The vacancy of all municipal dwellings, where both figures were given.
ledighet as (

    select
        utleide.aargang,
        {{ andel('sum(beholdning.antall) - sum(utleide.antall)', 'sum(beholdning.antall)') }} as andel
    from tall as utleide
    inner join tall as beholdning
        on utleide.aargang = beholdning.aargang and utleide.enhet_nr = beholdning.enhet_nr
    where
        utleide.maal = 'utleide_boliger'
        and beholdning.maal = 'boliger_i_alt'
        and utleide.antall is not null
        and beholdning.antall is not null
    group by utleide.aargang

),

ender as (

    select 'lav' as ende
    union all
    select 'hoey' as ende

),

prov as (

    select
        grunnlag.aargang,
        grunnlag.metode,
        parametre.parameter,
        ender.ende,
        parametre.virkning,
        parametre.standard,
        case ender.ende when 'lav' then parametre.lav else coalesce(parametre.hoey, ledighet.andel) end as verdi,
        grunnlag.enheter,
        grunnlag.boliger,
        grunnlag.helse_omsorg,
        grunnlag.vanskeligstilte
    from grunnlag
    inner join parametre
        on
            grunnlag.metode = parametre.metode
            and grunnlag.aargang >= parametre.gyldig_fra
            and grunnlag.aargang <= coalesce(parametre.gyldig_til, grunnlag.aargang)
    cross join ender
    left join ledighet on grunnlag.aargang = ledighet.aargang

),

-- One parameter at a time: what is more for health and care is less for the disadvantaged.
virkninger as (

    select
        *,
        case virkning
            when 'deler_personer' then {{ kvotient('helse_omsorg * standard', 'verdi') }}
            when 'ledige_boliger' then {{ kvotient('helse_omsorg * (1 - standard)', '1 - verdi') }}
            else helse_omsorg + (verdi - standard) * boliger
        end as helse_omsorg_med
    from prov

),

endringer as (

    select
        *,
        helse_omsorg - {{ avrundet('helse_omsorg_med') }} as endring
    from virkninger

),

final as (

    select
        *,
        max(abs(endring)) over (partition by aargang, metode, parameter) as utslag
    from endringer

)

select
    cast(aargang as integer) as aargang,
    metode,
    parameter,
    ende,
    cast(standard as numeric(18, 6)) as standardverdi,
    cast(verdi as numeric(18, 6)) as verdi,
    cast(enheter as integer) as enheter,
    cast(boliger as bigint) as boliger,
    cast(vanskeligstilte as bigint) as vanskeligstilte,
    cast(vanskeligstilte + endring as numeric(18, 6)) as vanskeligstilte_med,
    cast(endring as numeric(18, 6)) as endring,
    case when endring is null then '..' end as symbol,
    cast(dense_rank() over (partition by aargang, metode order by utslag desc nulls last, parameter asc) as integer)
        as rekkefoelge
from final
