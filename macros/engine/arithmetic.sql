{% macro heltallsdeling(teller, nevner) %}
    {{- return(adapter.dispatch('heltallsdeling', 'kommunale_boliger')(teller, nevner)) -}}
{% endmacro %}

{% macro duckdb__heltallsdeling(teller, nevner) -%}
    (cast({{ teller }} as hugeint) // nullif(cast({{ nevner }} as hugeint), 0))
{%- endmacro %}

{% macro postgres__heltallsdeling(teller, nevner) -%}
    div(cast({{ teller }} as numeric), nullif(cast({{ nevner }} as numeric), 0))
{%- endmacro %}

{% macro andel(teller, nevner) %}
    {{- return(adapter.dispatch('andel', 'kommunale_boliger')(teller, nevner)) -}}
{% endmacro %}

{% macro duckdb__andel(teller, nevner) -%}
    {#- Integer arithmetic: decimal / decimal is DOUBLE in DuckDB and would round 0.5 to even now and then.
        A quotient that numeric(18, 6) cannot hold is missing, so that a typing error does not stop the build. -#}
    {%- set milliondeler = duckdb__heltallsdeling(
        "2000000 * abs(cast(" ~ teller ~ " as hugeint)) + cast(" ~ nevner ~ " as hugeint)", "2 * " ~ nevner
    ) -%}
    case
        when {{ milliondeler }} < 1000000000000000000
            then
                cast(
                    sign({{ teller }}) * cast({{ milliondeler }} as bigint) * cast(0.000001 as decimal(7, 6))
                    as decimal(18, 6)
                )
    end
{%- endmacro %}

{% macro postgres__andel(teller, nevner) -%}
    {#- The same integer arithmetic: a quotient of numerics is cut after some digits before it is rounded. -#}
    {%- set milliondeler = postgres__heltallsdeling(
        "2000000 * abs(cast(" ~ teller ~ " as numeric)) + " ~ nevner, "2 * cast(" ~ nevner ~ " as numeric)"
    ) -%}
    case
        when {{ milliondeler }} < 1000000000000000000
            then cast(sign(cast({{ teller }} as numeric)) * {{ milliondeler }} * 0.000001 as numeric(18, 6))
    end
{%- endmacro %}

{% macro kvotient(teller, nevner) %}
    {{- return(adapter.dispatch('kvotient', 'kommunale_boliger')(teller, nevner)) -}}
{% endmacro %}

{% macro duckdb__kvotient(teller, nevner) -%}
    (cast({{ teller }} as double) / nullif(cast({{ nevner }} as double), 0))
{%- endmacro %}

{% macro postgres__kvotient(teller, nevner) -%}
    (cast({{ teller }} as double precision) / nullif(cast({{ nevner }} as double precision), 0))
{%- endmacro %}

{#- The engines round a double to a decimal in ways of their own where it lies midway. -#}
{% macro avrundet(tall) -%}
    {{ andel("cast(sign(" ~ tall ~ ") * floor(1000000 * abs(" ~ tall ~ ") + 0.5) as bigint)", "1000000") }}
{%- endmacro %}

{% macro ordnet_sum(uttrykk) %}
    {{- return(adapter.dispatch('ordnet_sum', 'kommunale_boliger')(uttrykk)) -}}
{% endmacro %}

{#- A sum of doubles depends on the order in which they are added, and the order of rows is any. -#}
{% macro duckdb__ordnet_sum(uttrykk) -%}
    sum(cast({{ uttrykk }} as double) order by cast({{ uttrykk }} as double))
{%- endmacro %}

{% macro postgres__ordnet_sum(uttrykk) -%}
    sum(cast({{ uttrykk }} as double precision) order by cast({{ uttrykk }} as double precision))
{%- endmacro %}

{% macro persentil(uttrykk, andel) %}
    {{- return(adapter.dispatch('persentil', 'kommunale_boliger')(uttrykk, andel)) -}}
{% endmacro %}

{#- percentile_cont is no help: DuckDB keeps the type and cuts an interpolated decimal, PostgreSQL gives a double, and
    the two interpolate in different orders. Written out on doubles, both give the same bits. -#}
{% macro duckdb__persentil(uttrykk, andel) -%}
    {%- set plass = "(cast(" ~ andel ~ " as decimal(9, 8)) * (count(" ~ uttrykk ~ ") - 1))" -%}
    {%- set verdier = (
        "list(cast(" ~ uttrykk ~ " as double) order by " ~ uttrykk ~ ") filter (where " ~ uttrykk ~ " is not null)"
    ) -%}
    {%- set nedre = "list_extract(" ~ verdier ~ ", cast(floor(" ~ plass ~ ") as bigint) + 1)" -%}
    {%- set oevre = "list_extract(" ~ verdier ~ ", cast(ceil(" ~ plass ~ ") as bigint) + 1)" -%}
    ({{ nedre }} + ({{ oevre }} - {{ nedre }}) * cast({{ plass }} - floor({{ plass }}) as double))
{%- endmacro %}

{% macro postgres__persentil(uttrykk, andel) -%}
    {%- set plass = "(cast(" ~ andel ~ " as numeric(9, 8)) * (count(" ~ uttrykk ~ ") - 1))" -%}
    {%- set verdier = (
        "(array_agg(cast(" ~ uttrykk ~ " as double precision) order by " ~ uttrykk ~ ")"
        ~ " filter (where " ~ uttrykk ~ " is not null))"
    ) -%}
    {%- set nedre = verdier ~ "[cast(floor(" ~ plass ~ ") as integer) + 1]" -%}
    {%- set oevre = verdier ~ "[cast(ceil(" ~ plass ~ ") as integer) + 1]" -%}
    ({{ nedre }} + ({{ oevre }} - {{ nedre }}) * cast({{ plass }} - floor({{ plass }}) as double precision))
{%- endmacro %}
