{% test r047_r_indikatoren_bygger_paa_svarprosentene(model, svarprosent) %}
    with enhetssvar as (

        select * from {{ svarprosent }}
        where kilde = 'kmd' and felt = 'ENHET' and gruppetype in ('stoerrelsesklasse', 'sentralitet')

    ),

    klasser as (

        select * from {{ model }}
        where variabel <> 'stratum' and gruppe <> 'alle'

    )

    select
        coalesce(klasser.aargang, enhetssvar.aargang) as aargang,
        coalesce(klasser.variabel, enhetssvar.gruppetype) as variabel,
        coalesce(klasser.gruppe, enhetssvar.gruppe) as gruppe,
        klasser.enheter_svart as funnet,
        enhetssvar.enheter_svart as forventet
    from klasser
    full outer join enhetssvar
        on
            klasser.aargang = enhetssvar.aargang
            and klasser.variabel = enhetssvar.gruppetype
            and klasser.gruppe = enhetssvar.gruppe
    where
        (
            klasser.enheter = enhetssvar.enheter_spurt
            and klasser.enheter_svart = enhetssvar.enheter_svart
            and klasser.andel_svart = enhetssvar.andel_enheter
        ) is not true
{% endtest %}
