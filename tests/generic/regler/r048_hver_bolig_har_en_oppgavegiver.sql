{% test r048_hver_bolig_har_en_oppgavegiver(model, enheter) %}
    with kommuner as (

        select
            aargang,
            enhet_nr
        from {{ enheter }}
        where enhet_type = 'kommune'

    ),

    bydeler as (

        select
            aargang,
            komm_nr,
            count(*) as bydeler
        from {{ enheter }}
        where enhet_type = 'bydel'
        group by aargang, komm_nr

    ),

    oppgavegivere as (

        select
            aargang,
            komm_nr,
            sum(case when enhet_type = 'kommune' then 1 else 0 end) as byen,
            sum(case when enhet_type = 'bydel' then 1 else 0 end) as bydeler
        from {{ model }}
        group by aargang, komm_nr

    )

    select
        coalesce(kommuner.aargang, oppgavegivere.aargang) as aargang,
        coalesce(kommuner.enhet_nr, oppgavegivere.komm_nr) as komm_nr,
        oppgavegivere.byen,
        oppgavegivere.bydeler
    from kommuner
    left join bydeler on kommuner.aargang = bydeler.aargang and kommuner.enhet_nr = bydeler.komm_nr
    full outer join oppgavegivere
        on kommuner.aargang = oppgavegivere.aargang and kommuner.enhet_nr = oppgavegivere.komm_nr
    where
        kommuner.enhet_nr is null
        or (
            (oppgavegivere.byen = 1 and oppgavegivere.bydeler = 0)
            or (oppgavegivere.byen = 0 and oppgavegivere.bydeler = bydeler.bydeler)
        ) is not true
{% endtest %}
