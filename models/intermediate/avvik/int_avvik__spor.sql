with enheter as (

    select * from {{ ref('int_iplos__beboere') }}
    where personer_levert is not null

),

tjenestetyper as (

    select * from {{ ref('iplos_tjenestetype') }}
    where tjenestegruppe = 'bolig'

),

terskler as (

    select
        aargang,
        {{ terskel('bevis_del_mangler_prosent', 'aarganger.aargang') }} as del_mangler_prosent,
        {{ terskel('bevis_nabokommune_prosent', 'aarganger.aargang') }} as nabokommune_prosent
    from {{ ref('aargang') }} as aarganger

),

personer as (

    select * from {{ ref('int_avvik__person') }}

),

uten_dato as (

    select * from {{ ref('int_avvik__uten_dato') }}

),

aaret_foer as (

    select * from {{ ref('int_avvik__aaret_foer') }}

),

tastefeil as (

    select * from {{ ref('int_avvik__tastefeil') }}

),

kodeskifter as (

    select distinct gyldig_fra as aargang
    from tjenestetyper

),

deler as (

    select
        aargang,
        fra_komm_nr,
        til_komm_nr,
        count(*) as personer,
        count(case when borte then 1 end) as borte
    from aaret_foer
    group by aargang, fra_komm_nr, til_komm_nr

),

deler_vurdert as (

    select
        deler.*,
        100 * deler.borte >= terskler.del_mangler_prosent * deler.personer as mangler
    from deler
    inner join terskler on deler.aargang = terskler.aargang

),

kommuner as (

    select
        aargang,
        til_komm_nr,
        bool_and(mangler) as alle_mangler
    from deler_vurdert
    group by aargang, til_komm_nr

),

-- A part is missing where its persons are gone and those of another part are not.
deler_som_mangler as (

    select deler_vurdert.*
    from deler_vurdert
    inner join kommuner
        on deler_vurdert.aargang = kommuner.aargang and deler_vurdert.til_komm_nr = kommuner.til_komm_nr
    where deler_vurdert.mangler and not kommuner.alle_mangler

),

-- So large a part of a municipality's persons does not move to one and the same other municipality in a year.
naboer as (

    select
        aaret_foer.aargang,
        aaret_foer.fra_komm_nr,
        aaret_foer.til_komm_nr,
        aaret_foer.levert_av,
        count(*) as personer
    from aaret_foer
    inner join deler
        on aaret_foer.aargang = deler.aargang and aaret_foer.fra_komm_nr = deler.fra_komm_nr
    inner join terskler on aaret_foer.aargang = terskler.aargang
    where aaret_foer.levert_av is not null
    group by
        aaret_foer.aargang,
        aaret_foer.fra_komm_nr,
        aaret_foer.til_komm_nr,
        aaret_foer.levert_av,
        deler.personer,
        terskler.nabokommune_prosent
    having 100 * count(*) >= terskler.nabokommune_prosent * deler.personer

),

funnet as (

    select
        aargang,
        komm_nr as enhet_nr,
        bevis,
        -1 as fortegn,
        1 as antall
    from personer

    union all

    select
        aargang,
        enhet_nr,
        bevis,
        -1 as fortegn,
        1 as antall
    from personer
    where enhet_nr <> komm_nr

    union all

    select
        aargang,
        komm_nr as enhet_nr,
        'uten_startdato' as bevis,
        1 as fortegn,
        1 as antall
    from uten_dato

    union all

    select
        aargang,
        enhet_nr,
        'uten_startdato' as bevis,
        1 as fortegn,
        1 as antall
    from uten_dato
    where enhet_nr <> komm_nr

    union all

    select
        aargang,
        til_komm_nr as enhet_nr,
        'del_av_kommunen_mangler' as bevis,
        1 as fortegn,
        borte as antall
    from deler_som_mangler

    union all

    select
        aargang,
        til_komm_nr as enhet_nr,
        'foert_paa_nabokommune' as bevis,
        1 as fortegn,
        personer as antall
    from naboer

    union all

    select
        aargang,
        levert_av as enhet_nr,
        'foert_for_nabokommune' as bevis,
        -1 as fortegn,
        personer as antall
    from naboer

    union all

    select
        deler.aargang,
        deler.til_komm_nr as enhet_nr,
        'ny_kode_ikke_i_bruk' as bevis,
        1 as fortegn,
        deler.borte as antall
    from deler
    inner join kodeskifter on deler.aargang = kodeskifter.aargang
    left join deler_som_mangler
        on deler.aargang = deler_som_mangler.aargang and deler.fra_komm_nr = deler_som_mangler.fra_komm_nr
    where deler.borte > 0 and deler_som_mangler.fra_komm_nr is null

    union all

    select
        aargang,
        enhet_nr,
        'tastefeil_i_undersoekelsen' as bevis,
        cast(sign(omsorgsboliger - ventet) as integer) as fortegn,
        abs(omsorgsboliger - ventet) as antall
    from tastefeil

),

-- The effect has the sign of what the trace does to dwellings less persons.
final as (

    select
        funnet.aargang,
        funnet.enhet_nr,
        funnet.bevis,
        cast(sum(funnet.antall) as bigint) as spor,
        cast(sum(funnet.fortegn * funnet.antall) as bigint) as virkning
    from funnet
    inner join enheter on funnet.aargang = enheter.aargang and funnet.enhet_nr = enheter.enhet_nr
    group by funnet.aargang, funnet.enhet_nr, funnet.bevis

)

select * from final
