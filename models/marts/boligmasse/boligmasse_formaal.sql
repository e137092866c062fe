with metoder as (

    select * from {{ ref('boligmasse_formaal_metode') }}

),

metodevalg as (

    select * from {{ ref('metodevalg') }}
    where figur = 'formaal'

),

symboler as (

    select * from {{ ref('symbol_aarsak') }}
    where symbol_aarsak = 'ingen_metode'

),

aarganger as (

    select
        aargang,
        {{ terskel('stort_spenn_antall', 'aarganger.aargang') }} as minste_antall,
        {{ terskel('stort_spenn_prosent', 'aarganger.aargang') }} as minste_prosent
    from {{ ref('aargang') }} as aarganger

),

-- Only a method that gives all three purposes can be chosen.
fulle as (

    select
        aargang,
        enhet_nr,
        metode,
        max(forbehold) as forbehold,
        sum(antall) as boliger
    from metoder
    group by aargang, enhet_nr, metode
    having count(*) = count(antall)

),

-- How far the methods lie from each other; an estimate is no evidence of its own.
spenn as (

    select
        metoder.aargang,
        metoder.enhet_nr,
        metoder.formaal,
        count(*) as metoder,
        min(metoder.antall) as laveste,
        max(metoder.antall) as hoeyeste,
        max(fulle.boliger) as boliger
    from metoder
    inner join fulle
        on
            metoder.aargang = fulle.aargang
            and metoder.enhet_nr = fulle.enhet_nr
            and metoder.metode = fulle.metode
    inner join {{ ref('metode') }} as metode on metoder.metode = metode.metode
    where metode.er_anslag = 'nei'
    group by metoder.aargang, metoder.enhet_nr, metoder.formaal

),

store_spenn as (

    select distinct
        spenn.aargang,
        spenn.enhet_nr
    from spenn
    inner join aarganger on spenn.aargang = aarganger.aargang
    where
        spenn.hoeyeste - spenn.laveste >= aarganger.minste_antall
        and 100 * (spenn.hoeyeste - spenn.laveste) >= aarganger.minste_prosent * spenn.boliger

),

-- The methods that read the register, in the years where the review does not allow it.
ubrukelig as (

    select distinct
        vurderinger.aargang,
        ledd.metode
    from {{ ref('iplos_vurdering') }} as vurderinger
    cross join {{ ref('metode_ledd') }} as ledd
    where vurderinger.vurdering = 'kan_ikke_brukes' and ledd.kilde = 'iplos'

),

-- What the method itself has no reservation about: first the register as a whole, then the other methods.
forbeholdt as (

    select
        fulle.aargang,
        fulle.enhet_nr,
        fulle.metode,
        case
            when fulle.forbehold is not null then fulle.forbehold
            when ubrukelig.metode is not null then 'registeret_kan_ikke_brukes'
            when store_spenn.enhet_nr is not null then 'stort_spenn'
        end as forbehold
    from fulle
    left join ubrukelig on fulle.aargang = ubrukelig.aargang and fulle.metode = ubrukelig.metode
    left join store_spenn on fulle.aargang = store_spenn.aargang and fulle.enhet_nr = store_spenn.enhet_nr

),

kandidater as (

    select
        *,
        case when forbehold is null then 'uten_forbehold' else 'med_forbehold' end as vilkaar
    from forbeholdt

),

-- The first row of metodevalg whose method and condition the unit meets.
rangert as (

    select
        kandidater.aargang,
        kandidater.enhet_nr,
        kandidater.metode,
        kandidater.forbehold,
        metodevalg.kvalitet,
        metodevalg.begrunnelse_nb,
        metodevalg.begrunnelse_en,
        row_number() over (
            partition by kandidater.aargang, kandidater.enhet_nr
            order by metodevalg.prioritet
        ) as valg_nr
    from kandidater
    inner join metodevalg
        on
            kandidater.metode = metodevalg.metode
            and kandidater.vilkaar = metodevalg.vilkaar
            and kandidater.aargang >= metodevalg.gyldig_fra
            and kandidater.aargang <= coalesce(metodevalg.gyldig_til, kandidater.aargang)

),

celler as (

    select distinct
        aargang,
        enhet_nr,
        enhet_type,
        komm_nr,
        formaal
    from metoder

),

final as (

    select
        celler.aargang,
        celler.enhet_nr,
        celler.enhet_type,
        celler.komm_nr,
        celler.formaal,
        metoder.antall,
        case when rangert.metode is null then symboler.symbol end as symbol,
        case when rangert.metode is null then symboler.symbol_aarsak end as symbol_aarsak,
        metoder.kilde,
        rangert.metode,
        rangert.kvalitet,
        rangert.begrunnelse_nb,
        rangert.begrunnelse_en,
        rangert.forbehold,
        coalesce(spenn.metoder, 0) as antall_metoder,
        spenn.laveste,
        spenn.hoeyeste,
        coalesce(metoder.imputert, false) as imputert,
        coalesce(metoder.foreloepig, false) as foreloepig,
        coalesce(metoder.brudd, false) as brudd
    from celler
    cross join symboler
    left join rangert
        on
            celler.aargang = rangert.aargang
            and celler.enhet_nr = rangert.enhet_nr
            and rangert.valg_nr = 1
    left join metoder
        on
            celler.aargang = metoder.aargang
            and celler.enhet_nr = metoder.enhet_nr
            and celler.formaal = metoder.formaal
            and rangert.metode = metoder.metode
    left join spenn
        on
            celler.aargang = spenn.aargang
            and celler.enhet_nr = spenn.enhet_nr
            and celler.formaal = spenn.formaal

)

select
    cast(aargang as integer) as aargang,
    enhet_nr,
    enhet_type,
    komm_nr,
    formaal,
    cast(antall as bigint) as antall,
    symbol,
    symbol_aarsak,
    kilde,
    metode,
    kvalitet,
    begrunnelse_nb,
    begrunnelse_en,
    forbehold,
    cast(antall_metoder as integer) as antall_metoder,
    cast(laveste as bigint) as laveste,
    cast(hoeyeste as bigint) as hoeyeste,
    cast(hoeyeste - laveste as bigint) as spenn,
    cast(imputert as boolean) as imputert,
    cast(foreloepig as boolean) as foreloepig,
    cast(brudd as boolean) as brudd
from final
