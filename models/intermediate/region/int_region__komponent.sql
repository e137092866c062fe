with recursive kommune_aar as (

    select * from {{ ref('int_region__kommune_aar') }}

),

endringer as (

    select * from {{ ref('kommune_endring') }}

),

aarganger as (

    select aargang from {{ ref('aargang') }}

),

-- A municipality is a node twice: in the division of the year and in that of the next year.
noder as (

    select
        aarganger.aargang,
        'naa' as side,
        kommune_aar.komm_nr,
        'naa ' || kommune_aar.komm_nr as node
    from aarganger
    inner join kommune_aar on aarganger.aargang = kommune_aar.aar

    union all

    select
        aarganger.aargang,
        'neste' as side,
        kommune_aar.komm_nr,
        'neste ' || kommune_aar.komm_nr as node
    from aarganger
    inner join kommune_aar on aarganger.aargang + 1 = kommune_aar.aar

),

-- A code valid in both years is linked to itself; every other link is a row of the change table.
lenker as (

    select
        noder.aargang,
        'naa ' || noder.komm_nr as fra_node,
        'neste ' || noder.komm_nr as til_node
    from noder
    where noder.side = 'naa'

    union distinct

    select
        aarganger.aargang,
        'naa ' || endringer.fra_komm_nr as fra_node,
        'neste ' || endringer.til_komm_nr as til_node
    from aarganger
    inner join endringer
        on
            endringer.dato > cast(cast(aarganger.aargang as varchar(4)) || '-01-01' as date)
            and endringer.dato <= cast(cast(aarganger.aargang + 1 as varchar(4)) || '-01-01' as date)

),

gyldige_lenker as (

    select
        lenker.aargang,
        lenker.fra_node,
        lenker.til_node
    from lenker
    inner join noder as fra_noder on lenker.aargang = fra_noder.aargang and lenker.fra_node = fra_noder.node
    inner join noder as til_noder on lenker.aargang = til_noder.aargang and lenker.til_node = til_noder.node

),

toveis as (

    select
        aargang,
        fra_node,
        til_node
    from gyldige_lenker

    union distinct

    select
        aargang,
        til_node as fra_node,
        fra_node as til_node
    from gyldige_lenker

),

naadd as (

    select
        aargang,
        node,
        node as rot
    from noder

    union distinct

    select
        toveis.aargang,
        toveis.til_node as node,
        naadd.rot
    from naadd
    inner join toveis on naadd.aargang = toveis.aargang and naadd.node = toveis.fra_node

),

komponenter as (

    select
        aargang,
        node,
        min({{ tegnvis('rot') }}) as komponent
    from naadd
    group by aargang, node

),

final as (

    select
        noder.aargang,
        komponenter.komponent,
        noder.side,
        noder.komm_nr
    from noder
    inner join komponenter on noder.aargang = komponenter.aargang and noder.node = komponenter.node

)

select * from final
