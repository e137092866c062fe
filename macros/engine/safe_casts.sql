{% macro heltall(tekst) %}
    {{- return(adapter.dispatch('heltall', 'kommunale_boliger')(tekst)) -}}
{% endmacro %}

{% macro duckdb__heltall(tekst) -%}
    {%- set trimmet = duckdb__trimmet(tekst) -%}
    case when regexp_full_match({{ trimmet }}, '[+-]?[0-9]{1,9}') then cast({{ trimmet }} as bigint) end
{%- endmacro %}

{% macro postgres__heltall(tekst) -%}
    {%- set trimmet = postgres__trimmet(tekst) -%}
    case when {{ trimmet }} ~ '^[+-]?[0-9]{1,9}$' then cast({{ trimmet }} as bigint) end
{%- endmacro %}

{% macro dato(tekst) %}
    {{- return(adapter.dispatch('dato', 'kommunale_boliger')(tekst)) -}}
{% endmacro %}

{% macro duckdb__dato(tekst) -%}
    {%- set trimmet = duckdb__trimmet(tekst) -%}
    case
        when regexp_full_match({{ trimmet }}, '[0-9]{4}-[0-9]{2}-[0-9]{2}') and left({{ trimmet }}, 4) <> '0000'
            then try_cast({{ trimmet }} as date)
    end
{%- endmacro %}

{% macro postgres__dato(tekst) -%}
    {%- set trimmet = postgres__trimmet(tekst) -%}
    {%- set aar = "cast(left(" ~ trimmet ~ ", 4) as integer)" -%}
    {%- set maaned = "cast(substring(" ~ trimmet ~ ", 6, 2) as integer)" -%}
    {%- set dag = "cast(right(" ~ trimmet ~ ", 2) as integer)" -%}
    {#- PostgreSQL 15 has no cast that gives null; a day that does not exist ends up in the next month. -#}
    case
        when {{ trimmet }} ~ '^(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'
            then
                case
                    when extract(month from make_date({{ aar }}, {{ maaned }}, 1) + {{ dag }} - 1) = {{ maaned }}
                        then make_date({{ aar }}, {{ maaned }}, 1) + {{ dag }} - 1
                end
    end
{%- endmacro %}
