-- Each unit of a failing twin gives exactly one finding of its rule, each unit of a passing twin none, and the
-- findings of all twins are exactly those expected. Every comparison is a finding or none: what lacks a figure is not
-- compared.
with sammenligninger as (

    {{ kontrollsammenligning(
        svar=ref('kontroll_svar'),
        regler=ref('regler'),
        katalog=ref('int_kontroll__felt'),
        enheter=ref('kontroll_enhet')
    ) }}

),

utslag as (

    select * from sammenligninger
    where utslag

),

tvillinger as (

    select distinct
        regel_nr,
        tvilling,
        aargang,
        enhet_nr
    from {{ ref('kontroll_svar') }}
    where tvilling <> 'grunnlag'

),

telt as (

    select
        tvillinger.regel_nr,
        tvillinger.tvilling,
        tvillinger.enhet_nr,
        count(utslag.regel_nr) as funnet,
        case when tvillinger.tvilling = 'feiler' then 1 else 0 end as forventet
    from tvillinger
    left join utslag
        on
            tvillinger.regel_nr = utslag.regel_nr
            and tvillinger.aargang = utslag.aargang
            and tvillinger.enhet_nr = utslag.enhet_nr
    group by tvillinger.regel_nr, tvillinger.tvilling, tvillinger.enhet_nr

),

slag as (

    select 'bestaar' as tvilling
    union all
    select 'feiler' as tvilling

),

-- A control without a twin of each kind is a row too.
ventet as (

    select
        regler.regel_nr,
        slag.tvilling
    from {{ ref('regler') }} as regler
    cross join slag
    where regler.type = 'kontroll'

),

forventet as (

    select
        regel_nr,
        aargang,
        enhet_nr,
        felt,
        rad_nr,
        funnet,
        mot_felt,
        forventet
    from {{ ref('kontroll_forventet') }}

),

funnet as (

    select
        regel_nr,
        aargang,
        enhet_nr,
        felt,
        rad_nr,
        funnet,
        mot_felt,
        forventet
    from utslag

),

mangler as (

    select * from forventet
    except
    select * from funnet

),

uventet as (

    select * from funnet
    except
    select * from forventet

)

select
    coalesce(ventet.regel_nr, telt.regel_nr) as regel_nr,
    coalesce(ventet.tvilling, telt.tvilling) as tvilling,
    telt.enhet_nr,
    telt.funnet,
    telt.forventet
from ventet
full outer join telt on ventet.regel_nr = telt.regel_nr and ventet.tvilling = telt.tvilling
where ventet.regel_nr is null or (telt.funnet = telt.forventet) is not true

union all

select
    regel_nr,
    'utslaget mangler' as tvilling,
    enhet_nr,
    funnet,
    forventet
from mangler

union all

select
    regel_nr,
    'utslaget er ikke ventet' as tvilling,
    enhet_nr,
    funnet,
    forventet
from uventet

union all

select
    regel_nr,
    'sammenligningen mangler et tall' as tvilling,
    enhet_nr,
    funnet,
    forventet
from sammenligninger
where utslag is null
