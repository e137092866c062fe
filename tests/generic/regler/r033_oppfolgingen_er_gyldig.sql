{% test r033_oppfolgingen_er_gyldig(model, enheter) %}
    with oppfolging as (

        select
            *,
            count(*) over (partition by aargang, gjelder, enhet_nr) as rader
        from {{ model }}

    )

    select oppfolging.*
    from oppfolging
    left join {{ enheter }} as enheter
        on oppfolging.aargang = enheter.aargang and oppfolging.enhet_nr = enheter.enhet_nr
    where
        (
            case
                when oppfolging.gjelder = 'enhet' then enheter.enhet_nr is not null
                else oppfolging.enhet_nr is null
            end
        ) is not true
        or (oppfolging.gjelder <> 'arbeid' and oppfolging.rader > 1)
        or ((oppfolging.nytt_tall is null) = (oppfolging.nytt_tall_kilde is null)) is not true
        or oppfolging.nytt_tall < 0
        or (
            case
                when oppfolging.status in ('besvart', 'avsluttet')
                    then oppfolging.kontaktet is not null and oppfolging.svar is not null
                when oppfolging.status = 'kontaktet'
                    then
                        oppfolging.kontaktet is not null
                        and coalesce(oppfolging.svar, oppfolging.aarsak_bekreftet) is null
                        and oppfolging.nytt_tall is null
                when oppfolging.status = 'ikke_kjent' and oppfolging.gjelder <> 'arbeid' then false
                else
                    oppfolging.kontaktet is null
                    and coalesce(oppfolging.svar, oppfolging.aarsak_bekreftet) is null
                    and oppfolging.nytt_tall is null
            end
        ) is not true
{% endtest %}
