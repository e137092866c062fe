{% macro verdi_per_enhet(svar, kilde, katalog, uten_svar, nullmelding_felt=none, besvart_felt=none) %}
    with svar as (

        -- What an older delivery or an earlier answer said is not looked at again.
        select * from {{ svar }}
        where aarsak not in ('erstattet_av_nyere_leveranse', 'erstattet_av_senere_svar', 'ukjent_enhet')

    ),

    felter as (

        select * from {{ katalog }}
        where datatype = 'heltall'

    ),

    aarganger as (

        select * from {{ ref('aargang') }}
        where {{ kilde }} = 'ja'

    ),

    enheter as (

        select enhet_aar.*
        from {{ ref('int_region__enhet_aar') }} as enhet_aar
        inner join aarganger on enhet_aar.aargang = aarganger.aargang
        where enhet_aar.rapporterer = 'ja'

    ),

    -- A form counts as delivered when it is there{% if besvart_felt is not none %} and its unit says it answered{% endif %}.
    skjemaer as (

        select
            aargang,
            enhet_nr,
            {%- if besvart_felt is not none %}
            max(case when felt = '{{ besvart_felt }}' and {{ er_ja('verdi') }} then 1 else 0 end) as levert,
            {%- else %}
            1 as levert,
            {%- endif %}
            {%- if nullmelding_felt is not none %}
            max(case when felt = '{{ nullmelding_felt }}' and {{ er_ja('verdi') }} then 1 else 0 end)
            * min(case when datatype = 'heltall' and aarsak <> 'blank' then 0 else 1 end) as nullmelding
            {%- else %}
            0 as nullmelding
            {%- endif %}
        from svar
        group by aargang, enhet_nr

    ),

    -- The index of expected cells: a figure that silently disappeared would be a missing row.
    celler as (

        select
            enheter.aargang,
            enheter.enhet_nr,
            enheter.enhet_type,
            enheter.komm_nr,
            felter.felt
        from enheter
        inner join felter
            on
                enheter.aargang >= felter.gyldig_fra
                and enheter.aargang <= coalesce(felter.gyldig_til, enheter.aargang)

    ),

    satt_til_side as (

        select * from {{ ref('int_kontroll__satt_til_side') }}
        where kilde = '{{ kilde }}'

    ),

    besvart as (

        select
            celler.aargang,
            celler.enhet_nr,
            celler.enhet_type,
            celler.komm_nr,
            celler.felt,
            coalesce(skjemaer.levert, 0) = 0 as uten_skjema,
            case
                when skjemaer.nullmelding = 1 then 0
                when satt_til_side.felt is not null then null
                when skjemaer.levert = 1 and svar.aarsak = 'brukt' then svar.verdi_heltall
            end as antall,
            coalesce(satt_til_side.delene_gjelder, false) as delene_gjelder,
            case
                when coalesce(skjemaer.levert, 0) = 0 then '{{ uten_svar }}'
                when satt_til_side.felt is not null then 'satt_til_side'
                when skjemaer.nullmelding = 1 or svar.aarsak = 'brukt' then null
                when svar.aarsak = 'blank' then {% if kilde == 'kmd' %}'ikke_svart'{% else %}'blank'{% endif %}
                when svar.aarsak is null then 'ikke_spurt'
                else 'i_karantene'
            end as symbol_aarsak,
            case when skjemaer.nullmelding = 1 then 'nullmelding' else 'svar' end as metode
        from celler
        left join skjemaer on celler.aargang = skjemaer.aargang and celler.enhet_nr = skjemaer.enhet_nr
        left join svar
            on
                celler.aargang = svar.aargang
                and celler.enhet_nr = svar.enhet_nr
                and celler.felt = svar.felt
        left join satt_til_side
            on
                celler.aargang = satt_til_side.aargang
                and celler.enhet_nr = satt_til_side.enhet_nr
                and celler.felt = satt_til_side.felt

    ),

    delsummer as (

        select
            besvart.aargang,
            besvart.enhet_nr,
            felter.del_av as felt,
            sum(besvart.antall) as antall
        from besvart
        inner join felter
            on
                besvart.felt = felter.felt
                and felter.del_type = 'sum'
                and besvart.aargang >= felter.gyldig_fra
                and besvart.aargang <= coalesce(felter.gyldig_til, besvart.aargang)
        group by besvart.aargang, besvart.enhet_nr, felter.del_av
        having count(besvart.antall) = count(*)

    ),

    -- A total that its parts contradict is their sum, where all of them are answered.
    egne as (

        select
            besvart.aargang,
            besvart.enhet_nr,
            besvart.enhet_type,
            besvart.komm_nr,
            besvart.felt,
            besvart.uten_skjema,
            coalesce(besvart.antall, delsummer.antall) as antall,
            case when delsummer.felt is null then besvart.symbol_aarsak end as symbol_aarsak,
            case when delsummer.felt is null then besvart.metode else 'sum_av_deler' end as metode
        from besvart
        left join delsummer
            on
                besvart.delene_gjelder
                and besvart.aargang = delsummer.aargang
                and besvart.enhet_nr = delsummer.enhet_nr
                and besvart.felt = delsummer.felt

    ),

    bydelssummer as (

        select
            aargang,
            komm_nr,
            felt,
            sum(antall) as antall,
            count(antall) as bydeler_svart,
            count(*) as bydeler
        from egne
        where enhet_type = 'bydel'
        group by aargang, komm_nr, felt

    ),

    byer as (

        select
            egne.aargang,
            egne.komm_nr,
            egne.felt,
            egne.symbol_aarsak,
            egne.antall as antall_egen,
            bydelssummer.antall as antall_sum,
            bydelssummer.bydeler_svart,
            bydelssummer.bydeler
        from egne
        inner join bydelssummer
            on
                egne.aargang = bydelssummer.aargang
                and egne.komm_nr = bydelssummer.komm_nr
                and egne.felt = bydelssummer.felt
        where egne.enhet_type = 'kommune'

    ),

    -- A city that did not answer itself is the sum of its districts, if all of them answered. Where the city and all its
    -- districts answered and disagree, the city's figure stands and the districts' do not.
    samlet as (

        select
            egne.aargang,
            egne.enhet_nr,
            egne.enhet_type,
            egne.komm_nr,
            egne.felt,
            case
                when egne.enhet_type = 'kommune' and egne.uten_skjema
                    then case when byer.bydeler_svart = byer.bydeler then byer.antall_sum end
                when
                    egne.enhet_type = 'bydel'
                    and byer.bydeler_svart = byer.bydeler
                    and byer.antall_egen <> byer.antall_sum
                    then null
                else egne.antall
            end as antall,
            case
                when egne.enhet_type = 'kommune' and egne.uten_skjema
                    then
                        case
                            when byer.bydeler_svart = byer.bydeler then null
                            when byer.bydeler_svart > 0 then 'delvis_svar'
                            else egne.symbol_aarsak
                        end
                when
                    egne.enhet_type = 'bydel'
                    and byer.bydeler_svart = byer.bydeler
                    and byer.antall_egen <> byer.antall_sum
                    then 'uenig_med_by'
                else egne.symbol_aarsak
            end as symbol_aarsak,
            case
                when
                    egne.enhet_type = 'kommune'
                    and egne.uten_skjema
                    and byer.bydeler_svart > 0
                    then 'sum_av_bydeler'
                else egne.metode
            end as metode
        from egne
        left join byer
            on
                egne.aargang = byer.aargang
                and egne.komm_nr = byer.komm_nr
                and egne.felt = byer.felt

    ),

    final as (

        select
            samlet.aargang,
            samlet.enhet_nr,
            samlet.enhet_type,
            samlet.komm_nr,
            samlet.felt,
            cast(samlet.antall as bigint) as antall,
            aarsaker.symbol,
            samlet.symbol_aarsak,
            samlet.metode
        from samlet
        left join {{ ref('symbol_aarsak') }} as aarsaker on samlet.symbol_aarsak = aarsaker.symbol_aarsak

    )

    select * from final
{% endmacro %}
