{% macro parameter(navn, metode, aargang) -%}
    (
        select max(parameter.standard)
        from {{ ref('parameter') }} as parameter
        where
            parameter.parameter = '{{ navn }}'
            and parameter.metode = '{{ metode }}'
            and {{ aargang }} >= parameter.gyldig_fra
            and {{ aargang }} <= coalesce(parameter.gyldig_til, {{ aargang }})
    )
{%- endmacro %}
