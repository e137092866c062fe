with sammenligninger as (

    select * from {{ ref('int_kontroll__sammenligning') }}

),

final as (

    select
        regel_nr,
        kilde,
        aargang,
        enhet_nr,
        felt,
        rad_nr,
        funnet,
        mot_felt,
        forventet
    from sammenligninger
    where utslag

)

select * from final
