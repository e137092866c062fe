-- Capitals before small letters and "aa" before "b", in every language; a missing text does not count.
with tilfeller as (

    select
        1 as gruppe,
        'b' as tekst
    union all
    select
        1 as gruppe,
        'aa' as tekst
    union all
    select
        1 as gruppe,
        'C' as tekst
    union all
    select
        1 as gruppe,
        cast(null as varchar(10)) as tekst
    union all
    select
        2 as gruppe,
        cast(null as varchar(10)) as tekst

),

regnet as (

    select
        gruppe,
        {{ tekstliste('tekst') }} as funnet,
        {{ tekstliste('tekst', "'") }} as med_apostrof,
        min({{ tegnvis('tekst') }}) as foerste,
        max({{ tegnvis('tekst') }}) as siste
    from tilfeller
    group by gruppe

)

select *
from regnet
where
    (gruppe = 1 and (funnet = 'C, aa, b' and med_apostrof = 'C''aa''b') is not true)
    or (gruppe = 1 and (foerste = 'C' and siste = 'b') is not true)
    or (gruppe = 2 and (funnet is null and med_apostrof is null) is not true)
