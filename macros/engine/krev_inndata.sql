{% macro krev_inndata() %}
    {{- return(adapter.dispatch('krev_inndata', 'kommunale_boliger')()) -}}
{% endmacro %}

{% macro duckdb__krev_inndata() %}
    {%- if execute and flags.WHICH in ['build', 'run', 'test'] -%}
        {%- for kilde in ['leveranser', 'skjema13', 'kmd', 'iplos', 'husbanken'] -%}
            {%- set moenster = var('inndata') ~ '/' ~ kilde ~ '/*.parquet' -%}
            {%- set funnet = run_query("select count(*) from glob('" ~ moenster | replace("'", "''") ~ "')") -%}
            {%- if funnet.columns[0][0] == 0 -%}
                {{ exceptions.raise_compiler_error(
                    "Found no inndata in '" ~ moenster ~ "'; run `make build`, or `python -m scripts ingest`, "
                    ~ "or point the variable inndata at the folder that ingest wrote."
                ) }}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}

{% macro postgres__krev_inndata() %}
    {%- if execute and flags.WHICH in ['build', 'run', 'test'] -%}
        {%- for kilde in ['leveranser', 'skjema13', 'kmd', 'iplos', 'husbanken'] -%}
            {%- set funnet = run_query("select to_regclass('inndata." ~ kilde ~ "') is not null") -%}
            {%- if not funnet.columns[0][0] -%}
                {{ exceptions.raise_compiler_error(
                    "Found no table inndata." ~ kilde ~ " in the database " ~ target.dbname
                    ~ "; run `python -m scripts postgres-load`, which copies the deliveries there."
                ) }}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
