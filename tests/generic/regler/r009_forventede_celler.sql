{% test r009_forventede_celler(model, enheter, per_enhet) %}
    with forventet as (

        select
            aargang,
            enhet_nr
        from {{ enheter }}
        where rapporterer = 'ja'

    ),

    funnet as (

        select
            aargang,
            enhet_nr,
            count(*) as antall_rader
        from {{ model }}
        group by aargang, enhet_nr

    )

    select
        coalesce(forventet.aargang, funnet.aargang) as aargang,
        coalesce(forventet.enhet_nr, funnet.enhet_nr) as enhet_nr,
        funnet.antall_rader as funnet,
        {{ per_enhet }} as forventet
    from forventet
    full outer join funnet on forventet.aargang = funnet.aargang and forventet.enhet_nr = funnet.enhet_nr
    where forventet.enhet_nr is null or (funnet.antall_rader = {{ per_enhet }}) is not true
{% endtest %}
