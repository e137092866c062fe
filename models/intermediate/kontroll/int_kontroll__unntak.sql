with unntak as (

    select * from {{ ref('unntak') }}

),

regler as (

    select * from {{ ref('regler') }}

),

gjeldende as (

    select * from {{ ref('int_leveranse__gjeldende') }}

),

-- An exception holds in its years, for real deliveries or for the demonstration. Figures that the
-- warehouse works out rest on form 13.
final as (

    select
        unntak.regel_nr,
        unntak.enhet_nr,
        gjeldende.aargang,
        unntak.aargang as fra_aar,
        unntak.siste_aar,
        unntak.begrunnelse,
        unntak.besluttet_av
    from unntak
    inner join regler on unntak.regel_nr = regler.regel_nr
    inner join gjeldende
        on
            case regler.kilde when 'lager' then 'skjema13' else regler.kilde end = gjeldende.kilde
            and unntak.gjelder = gjeldende.gjelder
            and gjeldende.aargang >= unntak.aargang
            and gjeldende.aargang <= unntak.siste_aar

)

select * from final
