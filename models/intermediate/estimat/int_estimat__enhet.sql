with enheter as (

    select enhet_aar.*
    from {{ ref('int_region__enhet_aar') }} as enhet_aar
    inner join {{ ref('aargang') }} as aarganger on enhet_aar.aargang = aarganger.aargang
    where aarganger.kmd = 'ja' and enhet_aar.enhet_type = 'kommune'

),

beholdning as (

    select * from {{ ref('int_imputering__beholdning') }}

),

standarder as (

    select * from {{ ref('sentralitetsstandard') }}

),

inndeling as (

    select * from {{ ref('estimat_stratum') }}

),

verdier as (

    select * from {{ ref('int_kmd__verdi') }}

),

svar as (

    select
        aargang,
        enhet_nr,
        max(case when felt = 'boliger_i_alt' then antall end) as oppgitt_total,
        max(case when felt = 'omsorgsboliger' then antall end) as helse_omsorg,
        max(case when felt = 'uten_behovsproving' then antall end) as uten_behovsproving,
        max(case when felt = 'vanskeligstilte' then antall end) as vanskeligstilte
    from verdier
    group by aargang, enhet_nr

),

-- A unit has answered when at least one purpose can be used; without a stock there is nothing to apply a share to.
samlet as (

    select
        enheter.aargang,
        enheter.enhet_nr,
        enheter.stoerrelsesklasse,
        enheter.sentralitet,
        enheter.fylke_nr,
        enheter.kostragruppe,
        inndeling.trinn_1,
        inndeling.trinn_2,
        inndeling.trinn_3,
        inndeling.trinn_4,
        inndeling.trinn_5,
        beholdning.boliger_i_alt as boliger,
        beholdning.imputert as beholdning_imputert,
        svar.oppgitt_total,
        svar.helse_omsorg,
        svar.uten_behovsproving,
        svar.vanskeligstilte,
        beholdning.boliger_i_alt is not null
        and coalesce(svar.helse_omsorg, svar.uten_behovsproving, svar.vanskeligstilte) is not null as svarte
    from enheter
    inner join standarder
        on
            enheter.aargang >= standarder.gyldig_fra
            and enheter.aargang <= coalesce(standarder.gyldig_til, enheter.aargang)
    inner join inndeling
        on
            standarder.standard = inndeling.standard
            and coalesce(enheter.stoerrelsesklasse, 'ukjent') = inndeling.stoerrelsesklasse
            and coalesce(enheter.sentralitet, 'ukjent') = inndeling.sentralitet
    inner join beholdning on enheter.aargang = beholdning.aargang and enheter.enhet_nr = beholdning.enhet_nr
    left join svar on enheter.aargang = svar.aargang and enheter.enhet_nr = svar.enhet_nr

),

-- Who holds so much of the stock says nothing of the others; having answered, it stands for itself alone.
vurdert as (

    select
        samlet.*,
        samlet.svarte
        and 100 * samlet.boliger
        >= {{ terskel('estimat_egen_prosent', 'samlet.aargang') }}
        * sum(samlet.boliger) over (partition by samlet.aargang) as egen
    from samlet

),

-- The strata of a step, with the stratum of the next step that they are parts of.
trinn as (
    {% for nr in range(1, 5) %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        aargang,
        {{ nr }} as trinn,
        trinn_{{ nr }} as stratum,
        trinn_{{ nr + 1 }} as over_stratum,
        count(case when svarte then 1 end) as svar
    from vurdert
    where boliger is not null and not egen
    group by aargang, trinn_{{ nr }}, trinn_{{ nr + 1 }}
    {%- endfor %}

),

-- A stratum is split only when all its parts have answers enough, so that the strata never overlap.
deling as (

    select
        aargang,
        trinn,
        over_stratum,
        min(svar) >= {{ terskel('estimat_minste_svar', 'trinn.aargang') }} as deles
    from trinn
    group by aargang, trinn, over_stratum

),

final as (

    select
        vurdert.*,
        coalesce(
            case when vurdert.egen then 0 end,
            case when del_1.deles and del_2.deles and del_3.deles and del_4.deles then 1 end,
            case when del_2.deles and del_3.deles and del_4.deles then 2 end,
            case when del_3.deles and del_4.deles then 3 end,
            case when del_4.deles then 4 end,
            5
        ) as trinn
    from vurdert
    left join deling as del_1
        on
            vurdert.aargang = del_1.aargang
            and del_1.trinn = 1
            and vurdert.trinn_2 = del_1.over_stratum
    left join deling as del_2
        on
            vurdert.aargang = del_2.aargang
            and del_2.trinn = 2
            and vurdert.trinn_3 = del_2.over_stratum
    left join deling as del_3
        on
            vurdert.aargang = del_3.aargang
            and del_3.trinn = 3
            and vurdert.trinn_4 = del_3.over_stratum
    left join deling as del_4
        on
            vurdert.aargang = del_4.aargang
            and del_4.trinn = 4
            and vurdert.trinn_5 = del_4.over_stratum

)

select
    aargang,
    enhet_nr,
    stoerrelsesklasse,
    sentralitet,
    fylke_nr,
    kostragruppe,
    case trinn
        when 0 then concat('egen ', enhet_nr)
        when 1 then trinn_1
        when 2 then trinn_2
        when 3 then trinn_3
        when 4 then trinn_4
        else trinn_5
    end as stratum,
    trinn,
    boliger,
    beholdning_imputert,
    svarte,
    oppgitt_total,
    helse_omsorg,
    uten_behovsproving,
    vanskeligstilte
from final
