with tall as (

    select * from {{ ref('int_boliger__tall') }}

),

formsvar as (

    select * from {{ ref('int_kontroll__formsvar') }}
    where kilde = 'kmd' and felt = 'boliger_i_alt'

),

plasser as (

    select 1 as enhet
    union all
    select 10 as enhet
    union all
    select 100 as enhet
    union all
    select 1000 as enhet

),

svar as (

    select
        aargang,
        enhet_nr,
        max(case when maal = 'omsorgsboliger' then antall end) as omsorgsboliger,
        max(case when maal = 'vanskeligstilte' then antall end) as vanskeligstilte,
        max(case when maal = 'uten_behovsproving' then antall end) as uten_behovsproving
    from tall
    where kilde = 'kmd'
    group by aargang, enhet_nr

),

-- The two totals that the answer can be held against: the survey's own, as given, and that of form 13.
totaler as (

    select
        aargang,
        enhet_nr,
        'kmd' as kilde,
        antall
    from formsvar

    union all

    select
        aargang,
        enhet_nr,
        kilde,
        antall
    from tall
    where kilde = 'skjema13' and maal = 'boliger_i_alt'

),

ventet as (

    select
        svar.aargang,
        svar.enhet_nr,
        totaler.kilde,
        svar.omsorgsboliger,
        totaler.antall - svar.vanskeligstilte - svar.uten_behovsproving as ventet
    from svar
    inner join totaler on svar.aargang = totaler.aargang and svar.enhet_nr = totaler.enhet_nr

),

-- The two numbers without their last digits, at every place, so that digits can be compared.
kuttet as (

    select
        ventet.aargang,
        ventet.enhet_nr,
        ventet.kilde,
        ventet.omsorgsboliger,
        ventet.ventet,
        plasser.enhet,
        ventet.ventet = annen.ventet as begge_totaler,
        {{ heltallsdeling('ventet.omsorgsboliger', 'plasser.enhet') }} as svar_1,
        {{ heltallsdeling('ventet.omsorgsboliger', '10 * plasser.enhet') }} as svar_10,
        {{ heltallsdeling('ventet.omsorgsboliger', '100 * plasser.enhet') }} as svar_100,
        {{ heltallsdeling('ventet.ventet', 'plasser.enhet') }} as ventet_1,
        {{ heltallsdeling('ventet.ventet', '10 * plasser.enhet') }} as ventet_10
    from ventet
    cross join plasser
    left join ventet as annen
        on
            ventet.aargang = annen.aargang
            and ventet.enhet_nr = annen.enhet_nr
            and ventet.kilde <> annen.kilde
    where
        ventet.ventet > 0
        and ventet.omsorgsboliger > 0
        and ventet.ventet <> ventet.omsorgsboliger

),

-- Typing errors: a factor of 10 to 10 000; two neighbouring digits exchanged; a digit too many or too few. One wrong
-- digit is like any other difference, so it counts only where both totals say the same.
feil as (

    select *
    from kuttet
    where
        omsorgsboliger = ventet * 10 * enhet
        or ventet = omsorgsboliger * 10 * enhet
        or ventet = omsorgsboliger + 9 * enhet * (svar_1 - 10 * svar_10 - (svar_10 - 10 * svar_100))
        or ventet = svar_10 * enhet + omsorgsboliger - enhet * svar_1
        or omsorgsboliger = ventet_10 * enhet + ventet - enhet * ventet_1
        or (
            begge_totaler
            and ventet - omsorgsboliger = enhet * (ventet_1 - 10 * ventet_10 - (svar_1 - 10 * svar_10))
        )

),

-- Where both totals point to a typing error, the survey's own says what the answer should have been.
final as (

    select
        aargang,
        enhet_nr,
        omsorgsboliger,
        coalesce(
            max(case when kilde = 'kmd' then ventet end), max(case when kilde = 'skjema13' then ventet end)
        ) as ventet
    from feil
    group by aargang, enhet_nr, omsorgsboliger

)

select * from final
