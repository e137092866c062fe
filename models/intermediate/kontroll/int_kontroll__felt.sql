{%- set kataloger = {'skjema13': ref('skjema13_felt'), 'kmd': ref('kmd_felt')} -%}
{%- for kilde, katalog in kataloger.items() %}
{%- if not loop.first %}

union all

{% endif %}
select
    '{{ kilde }}' as kilde,
    felt,
    gyldig_fra,
    gyldig_til,
    ledetekst_nb,
    datatype,
    del_av,
    del_type,
    case when spoersmaal_sikkerhet = 'kjent' then spoersmaal_nr end as spoersmaal_nr,
    spoersmaal_aargang
from {{ katalog }}
{%- endfor %}
