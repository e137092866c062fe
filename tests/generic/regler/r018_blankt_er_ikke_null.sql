{% test r018_blankt_er_ikke_null(model, svar) %}
    select
        verdier.aargang,
        verdier.enhet_nr,
        verdier.felt,
        verdier.antall,
        svar.aarsak
    from {{ model }} as verdier
    inner join {{ svar }} as svar
        on
            verdier.aargang = svar.aargang
            and verdier.enhet_nr = svar.enhet_nr
            and verdier.felt = svar.felt
    where verdier.metode = 'svar' and verdier.antall is not null and svar.aarsak in ('blank', 'ikke_heltall', 'negativt_tall')
{% endtest %}
