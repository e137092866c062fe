-- With every rule cut to one year, the twins give the findings expected of that year and no others: a control finds
-- nothing before its rule holds, and nothing after. No rule of the register has an end, so here each gets one.
with regler as (

    select
        regel_nr,
        form,
        kilde,
        felt,
        mot_kilde,
        mot_felt,
        terskel_antall,
        terskel_prosent,
        retning,
        greatest(gyldig_fra, 2017) as gyldig_fra,
        2017 as gyldig_til
    from {{ ref('regler') }}

),

sammenligninger as (

    {{ kontrollsammenligning(
        svar=ref('kontroll_svar'),
        regler='regler',
        katalog=ref('int_kontroll__felt'),
        enheter=ref('kontroll_enhet')
    ) }}

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
    where aargang = 2017

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
    from sammenligninger
    where utslag

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
    *,
    'utslaget mangler' as grunn
from mangler

union all

select
    *,
    'utslaget er ikke ventet' as grunn
from uventet
