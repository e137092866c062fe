with rettelser as (

    select * from {{ ref('rettelser') }}

),

gjeldende as (

    select * from {{ ref('int_leveranse__gjeldende') }}

),

svar as (

    {% for kilde in ['skjema13', 'kmd', 'husbanken'] %}
    select
        '{{ kilde }}' as kilde,
        aargang,
        enhet_nr,
        felt,
        fil,
        rad_nr,
        verdi_levert,
        rettet
    from {{ ref('int_' ~ kilde ~ '__svar') }}
    where aarsak not in ('erstattet_av_nyere_leveranse', 'erstattet_av_senere_svar')
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}

),

-- A correction holds for real deliveries or for the demonstration, never for both.
final as (

    select
        rettelser.kilde,
        rettelser.aargang,
        rettelser.enhet_nr,
        rettelser.felt,
        rettelser.gammel_verdi,
        rettelser.ny_verdi,
        svar.verdi_levert,
        rettelser.aarsak_kode,
        rettelser.kommentar,
        rettelser.hvem,
        rettelser.naar,
        case
            when gjeldende.fil is null then 'gjelder_annen_leveranse'
            when svar.felt is null then 'ikke_levert'
            when svar.rettet then 'brukt'
            else 'gammel_verdi_stemmer_ikke'
        end as resultat,
        svar.fil,
        svar.rad_nr
    from rettelser
    left join gjeldende
        on
            rettelser.kilde = gjeldende.kilde
            and rettelser.aargang = gjeldende.aargang
            and rettelser.gjelder = gjeldende.gjelder
    left join svar
        on
            gjeldende.fil is not null
            and rettelser.kilde = svar.kilde
            and rettelser.aargang = svar.aargang
            and rettelser.enhet_nr = svar.enhet_nr
            and rettelser.felt = svar.felt

)

select
    kilde,
    cast(aargang as integer) as aargang,
    enhet_nr,
    felt,
    gammel_verdi,
    ny_verdi,
    verdi_levert,
    aarsak_kode,
    kommentar,
    hvem,
    cast(naar as date) as naar,
    resultat,
    case resultat
        when 'ikke_levert'
            then 'Rettelsen av ' || felt || ' for ' || enhet_nr || ' i ' || cast(aargang as varchar(4))
                || ' gjelder et svar som ikke er levert i ' || kilde || '.'
        when 'gammel_verdi_stemmer_ikke'
            then 'Rettelsen av ' || felt || ' for ' || enhet_nr || ' i ' || cast(aargang as varchar(4))
                || ' venter «' || coalesce(gammel_verdi, '') || '», men leveransen har «' || coalesce(verdi_levert, '')
                || '»; stryk rettelsen eller skriv den på nytt.'
    end as melding,
    fil,
    cast(rad_nr as bigint) as rad_nr
from final
