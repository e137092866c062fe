with komponenter as (

    select * from {{ ref('int_region__komponent') }}

),

folketall as (

    select * from {{ ref('folketall') }}

),

komponentsum as (

    select
        komponenter.aargang,
        komponenter.komponent,
        sum(case when komponenter.side = 'naa' then 1 else 0 end) as antall_naa,
        sum(case when komponenter.side = 'naa' then folketall.folketall end) as folketall_naa,
        sum(case when komponenter.side = 'neste' then folketall.folketall end) as folketall_neste
    from komponenter
    left join folketall
        on
            komponenter.komm_nr = folketall.komm_nr
            and folketall.aar = komponenter.aargang + case when komponenter.side = 'neste' then 1 else 0 end
    group by komponenter.aargang, komponenter.komponent

),

-- The component's population of the next 1 January, shared by the population of this 1 January.
delt as (

    select
        komponenter.aargang,
        komponenter.komm_nr,
        komponenter.komponent,
        komponentsum.antall_naa,
        komponentsum.folketall_neste,
        komponentsum.folketall_naa,
        cast(komponentsum.folketall_neste as bigint) * folketall.folketall as produkt
    from komponenter
    inner join komponentsum
        on komponenter.aargang = komponentsum.aargang and komponenter.komponent = komponentsum.komponent
    left join folketall on komponenter.komm_nr = folketall.komm_nr and komponenter.aargang = folketall.aar
    where komponenter.side = 'naa'

),

-- Whole persons: what is left after rounding down goes to the largest remainders.
heltall as (

    select
        aargang,
        komm_nr,
        komponent,
        antall_naa,
        folketall_neste,
        cast({{ heltallsdeling('produkt', 'folketall_naa') }} as bigint) as nedrundet,
        row_number() over (
            partition by aargang, komponent
            order by produkt % folketall_naa desc nulls last, komm_nr asc
        ) as rest_nr
    from delt

),

rest as (

    select
        *,
        folketall_neste - sum(nedrundet) over (partition by aargang, komponent) as antall_rest
    from heltall

),

final as (

    select
        aargang,
        komm_nr,
        cast(nedrundet + case when rest_nr <= antall_rest then 1 else 0 end as integer) as folketall,
        antall_naa > 1 as folketall_anslaatt
    from rest

)

select * from final
