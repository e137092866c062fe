{% macro gruppe_i_aar(verdier, gruppeverdi, grupperinger, gruppering) %}
    with recursive verdier as (

        select
            {{ gruppering }} as gruppering,
            komm_nr,
            {{ gruppeverdi }} as gruppe
        from {{ verdier }}

    ),

    grupperinger as (

        select
            {{ gruppering }} as gruppering,
            kodeaar,
            gyldig_fra,
            gyldig_til
        from {{ grupperinger }}

    ),

    endringer as (

        select * from {{ ref('kommune_endring') }}

    ),

    kommune_aar as (

        select
            aargang.aargang,
            kommune_aar.komm_nr
        from {{ ref('aargang') }} as aargang
        inner join {{ ref('int_region__kommune_aar') }} as kommune_aar on aargang.aargang = kommune_aar.aar

    ),

    -- The codes between the year and the year whose codes the grouping uses, in either direction.
    lenker as (

        select distinct
            kommune_aar.aargang,
            endringer.fra_komm_nr,
            endringer.til_komm_nr
        from kommune_aar
        inner join grupperinger
            on
                kommune_aar.aargang >= grupperinger.gyldig_fra
                and kommune_aar.aargang <= coalesce(grupperinger.gyldig_til, kommune_aar.aargang)
        inner join endringer
            on
                endringer.dato
                > cast(cast(least(kommune_aar.aargang, grupperinger.kodeaar) as varchar(4)) || '-01-01' as date)
                and endringer.dato
                <= cast(cast(greatest(kommune_aar.aargang, grupperinger.kodeaar) as varchar(4)) || '-01-01' as date)
        where endringer.fra_komm_nr <> endringer.til_komm_nr

    ),

    toveis as (

        select
            aargang,
            fra_komm_nr,
            til_komm_nr
        from lenker

        union distinct

        select
            aargang,
            til_komm_nr as fra_komm_nr,
            fra_komm_nr as til_komm_nr
        from lenker

    ),

    naadd as (

        select
            aargang,
            komm_nr,
            komm_nr as grunnkode
        from kommune_aar

        union distinct

        select
            naadd.aargang,
            naadd.komm_nr,
            toveis.til_komm_nr as grunnkode
        from naadd
        inner join toveis on naadd.aargang = toveis.aargang and naadd.grunnkode = toveis.fra_komm_nr

    ),

    -- A unit whose parts had different groups has no group: it stands outside group sums, and is counted.
    final as (

        select
            naadd.aargang,
            naadd.komm_nr,
            case when count(distinct verdier.gruppe) = 1 then min({{ tegnvis('verdier.gruppe') }}) else 'ukjent' end as gruppe,
            min({{ tegnvis('grupperinger.gruppering') }}) as gruppering
        from naadd
        inner join grupperinger
            on
                naadd.aargang >= grupperinger.gyldig_fra
                and naadd.aargang <= coalesce(grupperinger.gyldig_til, naadd.aargang)
        left join verdier
            on naadd.grunnkode = verdier.komm_nr and grupperinger.gruppering = verdier.gruppering
        group by naadd.aargang, naadd.komm_nr

    )

    select * from final
{% endmacro %}
