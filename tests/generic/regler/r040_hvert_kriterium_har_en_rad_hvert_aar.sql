{% test r040_hvert_kriterium_har_en_rad_hvert_aar(model, kriterier, aarganger) %}
    with forventet as (

        select
            aarganger.aargang,
            kriterier.kriterium
        from {{ aarganger }} as aarganger
        cross join {{ kriterier }} as kriterier
        where aarganger.iplos = 'ja'

    ),

    funnet as (

        select
            aargang,
            kriterium,
            count(*) as antall_rader
        from {{ model }}
        group by aargang, kriterium

    )

    select
        coalesce(forventet.aargang, funnet.aargang) as aargang,
        coalesce(forventet.kriterium, funnet.kriterium) as kriterium,
        funnet.antall_rader
    from forventet
    full outer join funnet on forventet.aargang = funnet.aargang and forventet.kriterium = funnet.kriterium
    where forventet.kriterium is null or (funnet.antall_rader = 1) is not true
{% endtest %}
