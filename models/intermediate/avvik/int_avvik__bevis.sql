with
{{ avvik(
    a=['kmd_boliger', 'kmd', 'omsorgsboliger'],
    b=['iplos_personer_levert', 'iplos', 'iplos_personer_levert']
) }},

spor as (

    select * from {{ ref('int_avvik__spor') }}

),

bevisregler as (

    select * from {{ ref('bevisregel') }}

),

terskler as (

    select
        aargang,
        {{ terskel('bevis_minste_prosent', 'aarganger.aargang') }} as minste_prosent
    from aarganger

),

aarsaker as (

    select
        spor.aargang,
        spor.enhet_nr,
        bevisregler.aarsak_kode,
        cast(sum(spor.spor) as bigint) as spor,
        cast(sum(spor.virkning) as bigint) as virkning
    from spor
    inner join bevisregler on spor.bevis = bevisregler.bevis
    group by spor.aargang, spor.enhet_nr, bevisregler.aarsak_kode

),

medvirkning as (

    select
        avvik.aargang,
        avvik.enhet_nr,
        avvik.avvik,
        avvik.stort_avvik,
        aarsaker.aarsak_kode,
        aarsaker.spor,
        aarsaker.virkning,
        case when avvik.avvik < 0 then -aarsaker.virkning else aarsaker.virkning end as drar
    from avvik
    inner join aarsaker on avvik.aargang = aarsaker.aargang and avvik.enhet_nr = aarsaker.enhet_nr
    where avvik.avvik is not null

),

-- What pulls the way of the deviation comes first, the greatest first.
rangert as (

    select
        *,
        row_number() over (
            partition by aargang, enhet_nr
            order by drar desc nulls last, {{ tegnvis('aarsak_kode') }} asc
        ) as rang
    from medvirkning

),

summert as (

    select
        *,
        sum(drar) over (
            partition by aargang, enhet_nr
            order by rang asc
            rows between unbounded preceding and current row
        ) - drar as drar_foer
    from rangert

),

-- Together the causes explain at most the deviation; what pulls the other way explains nothing.
forklart as (

    select
        *,
        sign(avvik) * greatest(least(drar, abs(avvik) - drar_foer), 0) as forklart
    from summert

),

final as (

    select
        forklart.aargang,
        forklart.enhet_nr,
        forklart.aarsak_kode,
        cast(forklart.rang as integer) as rang,
        forklart.spor,
        forklart.virkning,
        cast(forklart.forklart as bigint) as forklart,
        forklart.stort_avvik
        and forklart.forklart <> 0
        and 100 * abs(forklart.forklart) >= terskler.minste_prosent * abs(forklart.avvik) as er_aarsak
    from forklart
    inner join terskler on forklart.aargang = terskler.aargang

)

select * from final
