with aarganger as (

    select * from {{ ref('aargang') }}

),

kommune_aar as (

    select * from {{ ref('int_region__kommune_aar') }}

),

komponenter as (

    select * from {{ ref('int_region__komponent') }}

),

nevnere as (

    select * from {{ ref('int_region__folketall_nevner') }}

),

kostragrupper as (

    select * from {{ ref('int_region__kostragruppe') }}

),

sentraliteter as (

    select * from {{ ref('int_region__sentralitet') }}

),

stoerrelsesklasser as (

    select * from {{ ref('stoerrelsesklasse') }}

),

bydeler as (

    select * from {{ ref('bydel') }}

),

folketall_bydeler as (

    select * from {{ ref('folketall_bydel') }}

),

-- The unit of the year before, where a code stands for the same area: one unit before, one after.
forgjengere as (

    select
        aargang + 1 as aargang,
        max(case when side = 'neste' then komm_nr end) as komm_nr,
        max(case when side = 'naa' then komm_nr end) as forrige_komm_nr
    from komponenter
    group by aargang, komponent
    having count(*) = 2 and count(distinct side) = 2

),

kommuner as (

    select
        aarganger.aargang,
        kommune_aar.komm_nr as enhet_nr,
        'kommune' as enhet_type,
        kommune_aar.komm_nr,
        kommune_aar.komm_navn as enhet_navn,
        kommune_aar.fylke_nr,
        kostragrupper.gruppe as kostragruppe,
        sentraliteter.gruppe as sentralitet,
        stoerrelsesklasser.klasse as stoerrelsesklasse,
        nevnere.folketall,
        nevnere.folketall_anslaatt,
        forgjengere.forrige_komm_nr as forrige_enhet_nr,
        'ja' as rapporterer,
        'nei' as samler_ukjente
    from aarganger
    inner join kommune_aar on aarganger.aargang = kommune_aar.aar
    left join nevnere on aarganger.aargang = nevnere.aargang and kommune_aar.komm_nr = nevnere.komm_nr
    left join kostragrupper
        on aarganger.aargang = kostragrupper.aargang and kommune_aar.komm_nr = kostragrupper.komm_nr
    left join sentraliteter
        on aarganger.aargang = sentraliteter.aargang and kommune_aar.komm_nr = sentraliteter.komm_nr
    left join stoerrelsesklasser
        on
            nevnere.folketall >= stoerrelsesklasser.fra
            and nevnere.folketall <= coalesce(stoerrelsesklasser.til, nevnere.folketall)
            and aarganger.aargang >= stoerrelsesklasser.gyldig_fra
            and aarganger.aargang <= coalesce(stoerrelsesklasser.gyldig_til, aarganger.aargang)
    left join forgjengere
        on aarganger.aargang = forgjengere.aargang and kommune_aar.komm_nr = forgjengere.komm_nr

),

bydeler_aar as (

    select
        aarganger.aargang,
        bydeler.bydel_nr as enhet_nr,
        'bydel' as enhet_type,
        bydeler.komm_nr,
        bydeler.bydel_navn as enhet_navn,
        kommuner.fylke_nr,
        cast(null as varchar(10)) as kostragruppe,
        cast(null as varchar(10)) as sentralitet,
        cast(null as varchar(10)) as stoerrelsesklasse,
        folketall_bydeler.folketall,
        false as folketall_anslaatt,
        case when aarganger.aargang > min(aarganger.aargang) over () then bydeler.bydel_nr end as forrige_enhet_nr,
        bydeler.rapporterer,
        bydeler.samler_ukjente
    from aarganger
    cross join bydeler
    inner join kommuner on aarganger.aargang = kommuner.aargang and bydeler.komm_nr = kommuner.enhet_nr
    left join folketall_bydeler
        on bydeler.bydel_nr = folketall_bydeler.bydel_nr and aarganger.aargang + 1 = folketall_bydeler.aar

),

final as (

    select * from kommuner
    union all
    select * from bydeler_aar

)

select * from final
