{% macro terskel(navn, aargang) -%}
    (
        select max(terskel.verdi)
        from {{ ref('terskel') }} as terskel
        where
            terskel.terskel = '{{ navn }}'
            and {{ aargang }} >= terskel.gyldig_fra
            and {{ aargang }} <= coalesce(terskel.gyldig_til, {{ aargang }})
    )
{%- endmacro %}
