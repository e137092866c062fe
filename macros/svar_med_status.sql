{% macro svar_med_status(svar, kilde, katalog, tidspunkt_felt=none, besvart_felt=none, enheter=none) %}
    with levert as (

        select * from {{ svar }}

    ),

    felter as (

        select * from {{ katalog }}

    ),

    gjeldende as (

        select * from {{ ref('int_leveranse__gjeldende') }}
        where kilde = '{{ kilde }}'

    ),

    enheter as (

        select * from {{ enheter or ref('int_region__enhet_aar') }}
        where rapporterer = 'ja'

    ),

    -- A correction replaces the answer of the delivery that counts, where that still has the old value.
    svar as (

        select
            levert.fil,
            levert.rad_nr,
            levert.leveranse,
            levert.publiseringsstatus,
            levert.aargang,
            levert.enhet_nr,
            levert.felt,
            levert.verdi as verdi_levert,
            rettelser.felt is not null as rettet,
            case when rettelser.felt is null then levert.verdi else rettelser.ny_verdi end as verdi,
            case when rettelser.felt is null then levert.verdi_heltall else {{ heltall('rettelser.ny_verdi') }} end
                as verdi_heltall,
            case when rettelser.felt is null then levert.verdi_dato else {{ dato('rettelser.ny_verdi') }} end as verdi_dato
        from levert
        left join gjeldende on levert.fil = gjeldende.fil and levert.aargang = gjeldende.aargang
        left join {{ ref('rettelser') }} as rettelser
            on
                rettelser.kilde = '{{ kilde }}'
                and gjeldende.gjelder = rettelser.gjelder
                and levert.aargang = rettelser.aargang
                and levert.enhet_nr = rettelser.enhet_nr
                and levert.felt = rettelser.felt
                and coalesce({{ trimmet('levert.verdi') }}, '') = coalesce({{ trimmet('rettelser.gammel_verdi') }}, '')

    ),

    -- A unit that answered more than once: its last answer counts.
    rader as (

        select
            fil,
            aargang,
            enhet_nr,
            rad_nr,
            {%- if besvart_felt is not none %}
            max(case when felt = '{{ besvart_felt }}' and {{ er_ja('verdi') }} then 1 else 0 end) as besvart,
            {%- else %}
            1 as besvart,
            {%- endif %}
            row_number() over (
                partition by fil, aargang, enhet_nr
                order by
                    {%- if tidspunkt_felt is not none %}
                    max(case when felt = '{{ tidspunkt_felt }}' then verdi_dato end) desc nulls last,
                    {%- endif %}
                    rad_nr desc nulls last
            ) as svar_nr
        from svar
        group by fil, aargang, enhet_nr, rad_nr

    ),

    begrunnet as (

        select
            svar.fil,
            svar.rad_nr,
            svar.leveranse,
            svar.publiseringsstatus,
            svar.aargang,
            svar.enhet_nr,
            svar.felt,
            felter.datatype,
            svar.verdi_levert,
            svar.rettet,
            svar.verdi,
            svar.verdi_heltall,
            svar.verdi_dato,
            case
                when gjeldende.fil is null then 'erstattet_av_nyere_leveranse'
                when enheter.enhet_nr is null then 'ukjent_enhet'
                when rader.svar_nr > 1 then 'erstattet_av_senere_svar'
                when nullif({{ trimmet('svar.verdi') }}, '') is null then 'blank'
                when felter.datatype = 'heltall' and svar.verdi_heltall is null then 'ikke_heltall'
                when felter.datatype = 'heltall' and svar.verdi_heltall < 0 then 'negativt_tall'
                when felter.datatype = 'heltall' and rader.besvart = 0 then 'enheten_har_ikke_svart'
                when
                    felter.datatype in ('ja_nei', 'avkryssing')
                    and translate({{ trimmet('svar.verdi') }}, 'JANEI', 'janei') not in ('ja', 'nei')
                    then 'ukjent_svar'
                when felter.datatype = 'dato' and svar.verdi_dato is null then 'ugyldig_dato'
                else 'brukt'
            end as aarsak
        from svar
        inner join rader
            on
                svar.fil = rader.fil
                and svar.aargang = rader.aargang
                and svar.enhet_nr = rader.enhet_nr
                and svar.rad_nr = rader.rad_nr
        left join gjeldende on svar.fil = gjeldende.fil and svar.aargang = gjeldende.aargang
        left join enheter on svar.aargang = enheter.aargang and svar.enhet_nr = enheter.enhet_nr
        left join felter
            on
                svar.felt = felter.felt
                and svar.aargang >= felter.gyldig_fra
                and svar.aargang <= coalesce(felter.gyldig_til, svar.aargang)

    ),

    final as (

        select
            begrunnet.*,
            statuser.status
        from begrunnet
        left join {{ ref('status_aarsak') }} as statuser on begrunnet.aarsak = statuser.aarsak

    )

    select * from final
{% endmacro %}
