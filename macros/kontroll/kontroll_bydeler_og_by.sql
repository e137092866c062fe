{% macro kontroll_bydeler_og_by(svar, regler, enheter) %}
    {#- Nobody knows which of them is wrong, so the city and each of its districts gets the finding. -#}
    select
        byer.regel_nr,
        berorte.kilde,
        berorte.aargang,
        berorte.enhet_nr,
        berorte.felt,
        berorte.rad_nr,
        byer.sum_bydeler as funnet,
        cast(null as varchar(10)) as mot_felt,
        byer.antall_by as forventet,
        byer.sum_bydeler <> byer.antall_by as utslag
    from (
        select
            regler.regel_nr,
            byer.kilde,
            byer.aargang,
            byer.komm_nr,
            byer.felt,
            byer.antall as antall_by,
            sum(bydeler.antall) as sum_bydeler
        from {{ regler }} as regler
        inner join {{ svar }} as byer
            on
                regler.kilde = byer.kilde
                and byer.enhet_type = 'kommune'
                and byer.datatype = 'heltall'
                and byer.aargang >= regler.gyldig_fra
                and byer.aargang <= coalesce(regler.gyldig_til, byer.aargang)
        inner join {{ enheter }} as enheter
            on
                byer.aargang = enheter.aargang
                and byer.komm_nr = enheter.komm_nr
                and enheter.enhet_type = 'bydel'
                and enheter.rapporterer = 'ja'
        left join {{ svar }} as bydeler
            on
                byer.kilde = bydeler.kilde
                and byer.aargang = bydeler.aargang
                and enheter.enhet_nr = bydeler.enhet_nr
                and byer.felt = bydeler.felt
        where regler.form = 'bydeler_og_by' and byer.antall is not null
        group by regler.regel_nr, byer.kilde, byer.aargang, byer.komm_nr, byer.felt, byer.antall
        having count(bydeler.antall) = count(*)
    ) as byer
    inner join {{ svar }} as berorte
        on
            byer.kilde = berorte.kilde
            and byer.aargang = berorte.aargang
            and byer.komm_nr = berorte.komm_nr
            and byer.felt = berorte.felt
{% endmacro %}
