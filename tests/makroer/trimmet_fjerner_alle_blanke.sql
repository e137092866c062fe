-- Spreadsheets leave no-break spaces, thin spaces, tabs and line feeds around what was typed.
with tilfeller as (

    select
        '{{ " \t\n\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008" }}'
        || '{{ "\u2009\u200a\u202f\u205f\u3000" }}' as blanke,
        'to ord' as tekst
    union all
    select
        '' as blanke,
        'uendret' as tekst
    union all
    select
        '{{ "\u00a0" }}' as blanke,
        '' as tekst
    union all
    select
        '' as blanke,
        cast(null as varchar(10)) as tekst

),

regnet as (

    select
        tekst as forventet,
        {{ trimmet('blanke || tekst || blanke') }} as funnet
    from tilfeller

)

select *
from regnet
where funnet is distinct from forventet
