with oppgavegivere as (

    select * from {{ ref('int_kmd__oppgavegiver') }}

),

final as (

    select
        aargang,
        enhet_nr,
        besvart,
        folketall,
        'alle' as gruppetype,
        'alle' as gruppe
    from oppgavegivere

    union all

    select
        aargang,
        enhet_nr,
        besvart,
        folketall,
        'stoerrelsesklasse' as gruppetype,
        stoerrelsesklasse as gruppe
    from oppgavegivere

    union all

    select
        aargang,
        enhet_nr,
        besvart,
        folketall,
        'sentralitet' as gruppetype,
        sentralitet as gruppe
    from oppgavegivere

)

select * from final
