with filer as (

    select * from {{ ref('stg_leveranse__fil') }}

),

-- The newest delivery of a year counts; a revised one beats an unrevised one of the same day.
rangert as (

    select
        kilde,
        aargang,
        fil,
        leveranse,
        publiseringsstatus,
        syntetisk,
        row_number() over (
            partition by kilde, aargang
            order by
                leveranse desc nulls last,
                case when publiseringsstatus = 'revidert' then 1 else 2 end asc,
                {{ tegnvis('fil') }} asc
        ) as nyest_nr
    from filer

),

final as (

    select
        kilde,
        aargang,
        fil,
        leveranse,
        publiseringsstatus,
        publiseringsstatus = 'urevidert' as foreloepig,
        syntetisk,
        -- The shipped demonstration is known by the names of its files.
        case
            when syntetisk = 'nei' then 'virkelige'
            when position('/syntetisk_' in fil) > 0 then 'demonstrasjonen'
            else 'andre_syntetiske'
        end as gjelder
    from rangert
    where nyest_nr = 1

)

select * from final
