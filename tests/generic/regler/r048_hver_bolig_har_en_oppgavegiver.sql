{% test r048_hver_bolig_har_en_oppgavegiver(model, enheter) %}
    with spurt as (

        select
            aargang,
            komm_nr,
            count(case when enhet_type = 'bydel' then 1 end) as bydeler
        from {{ enheter }}
        group by aargang, komm_nr

    ),

    oppgavegivere as (

        select
            aargang,
            komm_nr,
            count(case when enhet_type = 'kommune' then 1 end) as byen,
            count(case when enhet_type = 'bydel' then 1 end) as bydeler
        from {{ model }}
        group by aargang, komm_nr

    )

    select
        coalesce(spurt.aargang, oppgavegivere.aargang) as aargang,
        coalesce(spurt.komm_nr, oppgavegivere.komm_nr) as komm_nr,
        oppgavegivere.byen,
        oppgavegivere.bydeler
    from spurt
    full outer join oppgavegivere
        on spurt.aargang = oppgavegivere.aargang and spurt.komm_nr = oppgavegivere.komm_nr
    where
        spurt.komm_nr is null
        or (
            (oppgavegivere.byen = 1 and oppgavegivere.bydeler = 0)
            or (oppgavegivere.byen = 0 and oppgavegivere.bydeler = spurt.bydeler)
        ) is not true
{% endtest %}
