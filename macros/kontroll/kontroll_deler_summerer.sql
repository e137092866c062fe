{% macro kontroll_deler_summerer(svar, regler, katalog) %}
    {#- A part that is blank can be anything, so then only a sum above the total is wrong. -#}
    select
        regler.regel_nr,
        hele.kilde,
        hele.aargang,
        hele.enhet_nr,
        hele.felt,
        hele.rad_nr,
        hele.antall as funnet,
        cast(null as varchar(10)) as mot_felt,
        sum(deler.antall) as forventet,
        sum(deler.antall) > hele.antall or (count(deler.antall) = count(*) and sum(deler.antall) < hele.antall) as utslag
    from {{ regler }} as regler
    inner join {{ svar }} as hele
        on
            regler.kilde = hele.kilde
            and regler.felt = hele.felt
            and hele.aargang >= regler.gyldig_fra
            and hele.aargang <= coalesce(regler.gyldig_til, hele.aargang)
    inner join {{ katalog }} as felter
        on
            hele.kilde = felter.kilde
            and hele.felt = felter.del_av
            and felter.del_type = 'sum'
            and hele.aargang >= felter.gyldig_fra
            and hele.aargang <= coalesce(felter.gyldig_til, hele.aargang)
    left join {{ svar }} as deler
        on
            hele.kilde = deler.kilde
            and hele.aargang = deler.aargang
            and hele.enhet_nr = deler.enhet_nr
            and felter.felt = deler.felt
    where regler.form = 'deler_summerer' and hele.antall is not null
    group by regler.regel_nr, hele.kilde, hele.aargang, hele.enhet_nr, hele.felt, hele.rad_nr, hele.antall
    having count(deler.antall) > 0
{% endmacro %}
