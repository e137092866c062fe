{#- What the macros of this folder share: the check of their arguments, the strata as one number, the order of ties. -#}

{% macro editering_navneliste(makro, argument, verdi) %}
    {%- if verdi is none or verdi is string or verdi is mapping or verdi is not sequence -%}
        {{ exceptions.raise_compiler_error(
            makro ~ ": " ~ argument ~ " must be a list of column names, as ['enhet_nr'], found '" ~ verdi ~ "'."
        ) }}
    {%- endif -%}
    {%- for navn in verdi -%}{%- do editering_navn(makro, argument, navn) -%}{%- endfor -%}
{% endmacro %}

{% macro editering_navn(makro, argument, verdi) %}
    {%- if verdi is not string or verdi | trim == '' -%}
        {{ exceptions.raise_compiler_error(
            makro ~ ": " ~ argument ~ " must name a column, found '" ~ verdi ~ "'."
        ) }}
    {%- endif -%}
{% endmacro %}

{% macro editering_tall(makro, argument, verdi, minst, hoeyst=none, helt=false) %}
    {%- set er_tall = verdi is integer or (verdi is float and helt is false) -%}
    {%- if not er_tall or not (verdi >= minst) or (hoeyst is not none and not (verdi <= hoeyst)) -%}
        {{ exceptions.raise_compiler_error(
            makro ~ ": " ~ argument ~ " must be a " ~ ("whole " if helt else "") ~ "number of at least " ~ minst
            ~ (" and at most " ~ hoeyst if hoeyst is not none else "") ~ ", found '" ~ verdi ~ "'."
        ) }}
    {%- endif -%}
{% endmacro %}

{% macro editering_ja_nei(makro, argument, verdi) %}
    {%- if verdi is not boolean -%}
        {{ exceptions.raise_compiler_error(
            makro ~ ": " ~ argument ~ " must be true or false, found '" ~ verdi ~ "'."
        ) }}
    {%- endif -%}
{% endmacro %}

{% macro editering_kolonner(makro, egne, id, strata=none, datasett=none) %}
    {%- do editering_navneliste(makro, 'id', id) -%}
    {%- if id | length == 0 -%}
        {{ exceptions.raise_compiler_error(makro ~ ": id must name at least one column, found an empty list.") }}
    {%- endif -%}
    {%- if strata is not none -%}{%- do editering_navneliste(makro, 'strata', strata) -%}{%- endif -%}
    {%- if datasett is not none -%}{%- do editering_navneliste(makro, 'datasett', datasett) -%}{%- endif -%}
    {{- return(editering_ulike(makro, egne, id + (datasett or []) + (strata or []))) -}}
{% endmacro %}

{#- Each column once; none may have the name of a column that the macro makes. -#}
{% macro editering_ulike(makro, egne, kolonner) %}
    {%- for kolonne in kolonner if kolonne | lower in egne -%}
        {{ exceptions.raise_compiler_error(
            makro ~ ": the column " ~ kolonne ~ " has the name of a column that the macro makes; give it another."
        ) }}
    {%- endfor -%}
    {{- return(kolonner | unique | list) -}}
{% endmacro %}

{#- One number for the strata: it can be joined on, where a stratum without a code (null) is one too. -#}
{% macro editering_nummer(kolonner) -%}
    {%- if kolonner -%}
        dense_rank() over (order by {{ kolonner | join(', ') }})
    {%- else -%}
        1
    {%- endif -%}
{%- endmacro %}

{#- As texts, whatever their types, so that equal figures have the same order on every engine. -#}
{% macro editering_rekkefoelge(id) -%}
    {%- for kolonne in id -%}
        {{ tegnvis("concat(" ~ kolonne ~ ", '')") }}{% if not loop.last %}, {% endif %}
    {%- endfor -%}
{%- endmacro %}

{% macro editering_flyttall(verdi) -%}
    cast({{ verdi }} as double precision)
{%- endmacro %}
