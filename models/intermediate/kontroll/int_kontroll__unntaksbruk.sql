with unntak as (

    select * from {{ ref('unntak') }}

),

i_kraft as (

    select * from {{ ref('int_kontroll__unntak') }}

),

utslag as (

    select * from {{ ref('int_kontroll__utslag') }}

),

brukt as (

    select
        i_kraft.regel_nr,
        i_kraft.enhet_nr,
        i_kraft.fra_aar,
        count(distinct i_kraft.aargang) as aar_i_kraft,
        count(utslag.regel_nr) as antall_utslag
    from i_kraft
    left join utslag
        on
            i_kraft.regel_nr = utslag.regel_nr
            and i_kraft.enhet_nr = utslag.enhet_nr
            and i_kraft.aargang = utslag.aargang
    group by i_kraft.regel_nr, i_kraft.enhet_nr, i_kraft.fra_aar

),

-- A finding in a year after the last one says that the exception has run out and somebody must decide again.
utgaatt as (

    select
        unntak.regel_nr,
        unntak.enhet_nr,
        unntak.aargang as fra_aar,
        count(*) as utslag_etter
    from unntak
    inner join utslag
        on
            unntak.regel_nr = utslag.regel_nr
            and unntak.enhet_nr = utslag.enhet_nr
            and unntak.siste_aar < utslag.aargang
    left join i_kraft
        on
            utslag.regel_nr = i_kraft.regel_nr
            and utslag.enhet_nr = i_kraft.enhet_nr
            and utslag.aargang = i_kraft.aargang
    where i_kraft.regel_nr is null
    group by unntak.regel_nr, unntak.enhet_nr, unntak.aargang

),

final as (

    select
        unntak.regel_nr,
        unntak.enhet_nr,
        unntak.aargang as fra_aar,
        unntak.siste_aar,
        unntak.begrunnelse,
        unntak.besluttet_av,
        coalesce(brukt.aar_i_kraft, 0) as aar_i_kraft,
        coalesce(brukt.antall_utslag, 0) as antall_utslag,
        case when brukt.aar_i_kraft > 0 then coalesce(utgaatt.utslag_etter, 0) else 0 end as utslag_etter
    from unntak
    left join brukt
        on
            unntak.regel_nr = brukt.regel_nr
            and unntak.enhet_nr = brukt.enhet_nr
            and unntak.aargang = brukt.fra_aar
    left join utgaatt
        on
            unntak.regel_nr = utgaatt.regel_nr
            and unntak.enhet_nr = utgaatt.enhet_nr
            and unntak.aargang = utgaatt.fra_aar

)

select * from final
