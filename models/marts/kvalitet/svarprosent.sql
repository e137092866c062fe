with svarenheter as (

    select * from {{ ref('int_kvalitet__svarenhet') }}

),

beholdning as (

    select * from {{ ref('int_boligmasse__beholdning') }}

),

grupperinger as (

    select
        *,
        'alle' as gruppetype,
        'alle' as gruppe
    from svarenheter

    union all

    select
        *,
        'stoerrelsesklasse' as gruppetype,
        stoerrelsesklasse as gruppe
    from svarenheter

    union all

    select
        *,
        'sentralitet' as gruppetype,
        sentralitet as gruppe
    from svarenheter

    union all

    select
        *,
        'kostragruppe' as gruppetype,
        kostragruppe as gruppe
    from svarenheter

    union all

    select
        *,
        'fylke' as gruppetype,
        fylke_nr as gruppe
    from svarenheter

),

telt as (

    select
        grupperinger.kilde,
        grupperinger.aargang,
        grupperinger.gruppetype,
        grupperinger.gruppe,
        grupperinger.felt,
        count(*) as enheter_spurt,
        sum(case when grupperinger.besvart then 1 else 0 end) as enheter_svart,
        coalesce(sum(beholdning.boliger_i_alt), 0) as boliger_spurt,
        coalesce(sum(case when grupperinger.besvart then beholdning.boliger_i_alt end), 0) as boliger_svart
    from grupperinger
    left join beholdning
        on grupperinger.aargang = beholdning.aargang and grupperinger.enhet_nr = beholdning.enhet_nr
    group by
        grupperinger.kilde,
        grupperinger.aargang,
        grupperinger.gruppetype,
        grupperinger.gruppe,
        grupperinger.felt

),

-- The stock of a unit that did not deliver form 13 is not known, so form 13 has no share of the stock.
final as (

    select
        *,
        {{ andel('enheter_svart', 'enheter_spurt') }} as andel_enheter,
        case when kilde <> 'skjema13' then {{ andel('boliger_svart', 'boliger_spurt') }} end as andel_boliger
    from telt

)

select
    kilde,
    cast(aargang as integer) as aargang,
    gruppetype,
    gruppe,
    felt,
    cast(enheter_spurt as integer) as enheter_spurt,
    cast(enheter_svart as integer) as enheter_svart,
    cast(andel_enheter as numeric(18, 6)) as andel_enheter,
    cast(boliger_svart as bigint) as boliger_svart,
    cast(boliger_spurt as bigint) as boliger_spurt,
    cast(andel_boliger as numeric(18, 6)) as andel_boliger,
    case when andel_boliger is null then case when kilde = 'skjema13' then '.' else '..' end end as andel_boliger_symbol
from final
