{% test r019_unntak_er_i_bruk(model) %}
    {#- An exception of deliveries that are not here (aar_i_kraft = 0) cannot be judged. -#}
    select
        *,
        case
            when siste_aar < fra_aar then 'siste år er før det første'
            when antall_utslag = 0 then 'unntaket er ikke i bruk: kontrollen har ikke utslag; stryk det'
            else 'unntaket har gått ut: kontrollen har utslag etter siste år; vurder det på nytt'
        end as melding
    from {{ model }}
    where siste_aar < fra_aar or (aar_i_kraft > 0 and (antall_utslag = 0 or utslag_etter > 0))
{% endtest %}
