{% test r047_r_indikatoren_bygger_paa_svarprosentene(model, svarprosent) %}
    with enhetssvar as (

        select * from {{ svarprosent }}
        where kilde = 'kmd' and felt = 'ENHET' and gruppetype in ('stoerrelsesklasse', 'sentralitet')

    ),

    klasser as (

        select * from {{ model }}
        where variabel <> 'stratum' and gruppe <> 'alle'

    ),

    -- The parts of a variable: its classes, squared, are the whole.
    deler as (

        select
            aargang,
            variabel,
            sum(case when gruppe <> 'alle' then delindikator * delindikator else 0 end) as kvadratsum,
            sum(case when gruppe = 'alle' then delindikator * delindikator else 0 end) as kvadrat,
            sum(case when gruppe = 'alle' then 1 else 0 end) as hele
        from {{ model }}
        group by aargang, variabel

    ),

    feil as (

        select
            coalesce(klasser.aargang, enhetssvar.aargang) as aargang,
            coalesce(klasser.variabel, enhetssvar.gruppetype) as variabel,
            coalesce(klasser.gruppe, enhetssvar.gruppe) as gruppe,
            'ikke som svarprosenten' as melding
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

        union all

        select
            aargang,
            variabel,
            'alle' as gruppe,
            'klassene er ikke til sammen variabelen' as melding
        from deler
        where (hele = 1 and abs(kvadratsum - kvadrat) <= 0.00001) is not true

        union all

        -- S has N - 1 below and the partial indicator N, so S is the larger, by little.
        select
            aargang,
            variabel,
            gruppe,
            'R er ikke 1 minus to ganger standardavviket' as melding
        from {{ model }}
        where
            r_indikator is not null
            and (
                abs(r_indikator - 1 + 2 * standardavvik) <= 0.000002
                and abs(standardavvik * standardavvik * (enheter - 1) - delindikator * delindikator * enheter)
                <= 0.000005 * enheter
            ) is not true

    )

    select * from feil
{% endtest %}
