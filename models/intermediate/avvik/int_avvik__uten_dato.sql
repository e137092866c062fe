with vedtak as (

    select * from {{ ref('int_iplos__vedtak') }}
    where aarsak in ('mangler_startdato', 'ugyldig_dato')

),

personer as (

    select * from {{ ref('int_iplos__person') }}
    where levert_3112

),

-- A person who is counted through another decision is not missing.
final as (

    select
        vedtak.aargang,
        vedtak.komm_nr,
        vedtak.person,
        min({{ tegnvis('vedtak.enhet_nr') }}) as enhet_nr
    from vedtak
    left join personer
        on
            vedtak.aargang = personer.aargang
            and vedtak.komm_nr = personer.komm_nr
            and vedtak.person = personer.person
    where
        personer.person is null
        and coalesce(vedtak.sluttdato, vedtak.telledato) >= vedtak.telledato
        and coalesce(vedtak.doedsdato, vedtak.telledato) >= vedtak.telledato
    group by vedtak.aargang, vedtak.komm_nr, vedtak.person

)

select * from final
