{%- set kataloger = {'skjema13': ref('skjema13_felt'), 'kmd': ref('kmd_felt')} -%}
{%- for kilde, katalog in kataloger.items() %}
select
    '{{ kilde }}' as kilde,
    felt,
    gyldig_fra,
    gyldig_til,
    ledetekst_nb,
    datatype,
    tidsreferanse,
    del_av,
    del_type,
    case when spoersmaal_sikkerhet = 'kjent' then spoersmaal_nr end as spoersmaal_nr,
    spoersmaal_aargang
from {{ katalog }}

union all

{% endfor -%}
-- What the warehouse works out beside the answers.
select
    maal.kilde,
    maal.maal as felt,
    min(aarganger.aargang) as gyldig_fra,
    cast(null as integer) as gyldig_til,
    maal.navn_nb as ledetekst_nb,
    'beregnet' as datatype,
    maal.tidsreferanse,
    cast(null as varchar(10)) as del_av,
    cast(null as varchar(10)) as del_type,
    cast(null as varchar(10)) as spoersmaal_nr,
    cast(null as integer) as spoersmaal_aargang
from {{ ref('beregnet_maal') }} as maal
cross join {{ ref('aargang') }} as aarganger
group by maal.kilde, maal.maal, maal.navn_nb, maal.tidsreferanse
