with vedtak as (

    select * from {{ ref('stg_iplos__vedtak') }}

),

gjeldende as (

    select * from {{ ref('int_leveranse__gjeldende') }}
    where kilde = 'iplos'

),

kommuner as (

    select * from {{ ref('int_region__enhet_aar') }}
    where enhet_type = 'kommune'

),

bydeler as (

    select * from {{ ref('bydel') }}

),

tjenestetyper as (

    select * from {{ ref('iplos_tjenestetype') }}

),

id_typer as (

    select * from {{ ref('iplos_id_type') }}

),

terskler as (

    select
        aargang,
        {{ terskel('iplos_foerste_startaar', 'aarganger.aargang') }} as foerste_startaar,
        {{ terskel('iplos_testperson_kommuner', 'aarganger.aargang') }} as testperson_kommuner
    from {{ ref('aargang') }} as aarganger

),

-- A person reported by many municipalities is taken for a test person (Helsedirektoratet 2022, vedlegg B).
personer as (

    select
        fil,
        person_id,
        count(distinct komm_nr) as antall_kommuner
    from vedtak
    where person_id is not null
    group by fil, person_id

),

ukjent_bydel as (

    select
        komm_nr,
        max(bydel_nr) as bydel_nr
    from bydeler
    where samler_ukjente = 'ja'
    group by komm_nr

),

-- First the published validity filter: is this a dwelling decision that holds in the year?
filtrert as (

    select
        vedtak.*,
        {{ aarets_slutt('vedtak.aargang') }} as telledato,
        coalesce('id ' || vedtak.person_id, 'rad ' || cast(vedtak.rad_nr as varchar(12))) as person,
        vedtak.person_id is not null and coalesce(id_typer.gir_kpr_id, 'nei') = 'ja' as gyldig_id,
        case
            when ukjent_bydel.komm_nr is null then vedtak.komm_nr
            when bydeler.rapporterer = 'ja' then bydeler.bydel_nr
            else ukjent_bydel.bydel_nr
        end as enhet_nr,
        tjenestetyper.tjenestegruppe,
        -- Codes 12 and 13 were replaced by 29 from 2019; a code of the wrong period is counted, and shown.
        tjenestetyper.tjenestegruppe = 'bolig'
        and (
            vedtak.aargang < coalesce(tjenestetyper.gyldig_fra, vedtak.aargang)
            or vedtak.aargang > coalesce(tjenestetyper.gyldig_til, vedtak.aargang)
        ) as kode_utenfor_periode,
        case
            when gjeldende.fil is null then 'erstattet_av_nyere_leveranse'
            when kommuner.enhet_nr is null then 'ukjent_enhet'
            when tjenestetyper.kode is null then 'ukjent_tjenestetype'
            when tjenestetyper.tjenestegruppe <> 'bolig' then 'annen_tjeneste'
            when vedtak.startdato_tekst is null then 'mangler_startdato'
            when
                vedtak.startdato is null
                or (vedtak.sluttdato_tekst is not null and vedtak.sluttdato is null)
                or (vedtak.doedsdato_tekst is not null and vedtak.doedsdato is null)
                then 'ugyldig_dato'
            when
                vedtak.startdato > {{ aarets_slutt('vedtak.aargang') }}
                or vedtak.startdato > vedtak.sluttdato
                or extract(year from vedtak.startdato) < terskler.foerste_startaar
                or extract(year from vedtak.startdato) < vedtak.foedselsaar
                then 'umulig_periode'
            when vedtak.sluttdato < {{ aarets_start('vedtak.aargang') }} then 'avsluttet_foer_aaret'
            when vedtak.doedsdato < {{ aarets_start('vedtak.aargang') }} then 'doed_foer_aaret'
            when personer.antall_kommuner >= terskler.testperson_kommuner then 'testperson'
        end as filter_aarsak
    from vedtak
    left join gjeldende on vedtak.fil = gjeldende.fil and vedtak.aargang = gjeldende.aargang
    left join kommuner on vedtak.aargang = kommuner.aargang and vedtak.komm_nr = kommuner.enhet_nr
    left join tjenestetyper on vedtak.tjenestetype = tjenestetyper.kode
    left join id_typer on vedtak.id_type = id_typer.kode
    left join terskler on vedtak.aargang = terskler.aargang
    left join personer on vedtak.fil = personer.fil and vedtak.person_id = personer.person_id
    left join ukjent_bydel on vedtak.komm_nr = ukjent_bydel.komm_nr
    left join bydeler
        on
            vedtak.komm_nr = bydeler.komm_nr
            -- 01, 1 and 030101 are the same district.
            and bydeler.bydel_nr = case length(vedtak.bydel_nr)
                when 1 then vedtak.komm_nr || '0' || vedtak.bydel_nr
                when 2 then vedtak.komm_nr || vedtak.bydel_nr
                else vedtak.bydel_nr
            end

),

-- Then one row per person: the decision that is open at 31.12, else the newest.
valgt as (

    select
        *,
        filter_aarsak is null as gyldig_vedtak,
        filter_aarsak is null and coalesce(sluttdato, telledato) >= telledato as aapent_3112,
        row_number() over (
            partition by aargang, komm_nr, person, filter_aarsak is null, gyldig_id
            order by
                case when coalesce(sluttdato, telledato) >= telledato then 1 else 2 end asc,
                startdato desc nulls last,
                rad_nr asc
        ) as vedtak_nr
    from filtrert

),

-- A person at home in two municipalities at 31.12 stays with the newest decision.
kommunevalg as (

    select
        fil,
        rad_nr,
        row_number() over (
            partition by aargang, person
            order by startdato desc nulls last, komm_nr desc nulls last
        ) as kommune_nr
    from valgt
    where
        gyldig_vedtak
        and gyldig_id
        and vedtak_nr = 1
        and aapent_3112
        and coalesce(doedsdato, telledato) >= telledato

),

begrunnet as (

    select
        valgt.*,
        case
            when valgt.filter_aarsak is not null then valgt.filter_aarsak
            when not valgt.gyldig_id then 'ugyldig_id'
            when valgt.vedtak_nr > 1 then 'samme_person_i_enheten'
            when kommunevalg.kommune_nr > 1 then 'annen_kommune'
            else 'brukt'
        end as aarsak
    from valgt
    left join kommunevalg on valgt.fil = kommunevalg.fil and valgt.rad_nr = kommunevalg.rad_nr

),

final as (

    select
        begrunnet.fil,
        begrunnet.rad_nr,
        begrunnet.leveranse,
        begrunnet.publiseringsstatus,
        begrunnet.aargang,
        begrunnet.komm_nr,
        begrunnet.enhet_nr,
        begrunnet.bydel_nr,
        begrunnet.person,
        begrunnet.id_type,
        begrunnet.tjenestetype,
        begrunnet.tjenestegruppe,
        begrunnet.startdato_tekst,
        begrunnet.sluttdato_tekst,
        begrunnet.doedsdato_tekst,
        begrunnet.startdato,
        begrunnet.sluttdato,
        begrunnet.doedsdato,
        begrunnet.telledato,
        begrunnet.gyldig_id,
        begrunnet.kode_utenfor_periode,
        begrunnet.gyldig_vedtak,
        begrunnet.aapent_3112,
        statuser.status,
        begrunnet.aarsak
    from begrunnet
    left join {{ ref('status_aarsak') }} as statuser on begrunnet.aarsak = statuser.aarsak

)

select * from final
