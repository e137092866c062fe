{% test r012_alle_leverte_celler_er_i_staging(model, skjema13, kmd, iplos, husbanken) %}
    with staging as (

        select fil from {{ skjema13 }}
        union all
        select fil from {{ kmd }}
        union all
        select fil from {{ iplos }}
        union all
        select fil from {{ husbanken }}

    ),

    funnet as (

        select
            fil,
            count(*) as antall
        from staging
        group by fil

    )

    select
        coalesce(funnet.fil, filer.fil) as fil,
        funnet.antall as funnet,
        filer.antall_celler as forventet
    from {{ model }} as filer
    full outer join funnet on filer.fil = funnet.fil
    where (funnet.antall = filer.antall_celler) is not true
{% endtest %}
