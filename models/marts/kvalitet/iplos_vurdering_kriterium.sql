with kriterier as (

    select * from {{ ref('iplos_kriterium') }}

),

aarganger as (

    select * from {{ ref('aargang') }}
    where iplos = 'ja'

),

verdier as (

    select * from {{ ref('int_iplos__kriterieverdi') }}

),

terskler as (

    select * from {{ ref('terskel') }}

),

-- Every criterion in every year with the register, also where nothing can be counted.
maalt as (

    select
        aarganger.aargang,
        kriterier.kriterium,
        kriterier.rekkefoelge,
        kriterier.navn_nb,
        kriterier.navn_en,
        kriterier.setning_nb,
        kriterier.setning_en,
        kriterier.krav,
        kriterier.konsekvens,
        kriterier.opphav,
        verdier.teller,
        verdier.nevner,
        terskler.enhet as maaleenhet,
        cast(terskler.verdi as bigint) as grense,
        case
            when terskler.enhet = 'prosent' then {{ andel('100 * verdier.teller', 'verdier.nevner') }}
            else cast(verdier.teller as numeric(18, 6))
        end as verdi
    from aarganger
    cross join kriterier
    left join verdier on aarganger.aargang = verdier.aargang and kriterier.kriterium = verdier.kriterium
    left join terskler
        on
            kriterier.terskel = terskler.terskel
            and aarganger.aargang >= terskler.gyldig_fra
            and aarganger.aargang <= coalesce(terskler.gyldig_til, aarganger.aargang)

),

-- R041: the published value decides, so that a reader can check it.
final as (

    select
        *,
        case
            when verdi is null or grense is null then '.'
            when krav = 'minst' and verdi >= grense then 'oppfylt'
            when krav = 'hoeyst' and verdi <= grense then 'oppfylt'
            else 'ikke_oppfylt'
        end as resultat
    from maalt

)

select
    cast(aargang as integer) as aargang,
    kriterium,
    cast(rekkefoelge as integer) as rekkefoelge,
    navn_nb,
    navn_en,
    setning_nb,
    setning_en,
    teller,
    nevner,
    cast(verdi as numeric(18, 6)) as verdi,
    case when verdi is null then '.' end as verdi_symbol,
    krav,
    grense,
    case when grense is null then '.' end as grense_symbol,
    maaleenhet,
    resultat,
    konsekvens,
    opphav
from final
