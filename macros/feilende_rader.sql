{#- dbt's own materialization makes a table for every test, also for those that pass: a tenth of the build's time. -#}
{% materialization test, default %}
    {%- set utvalg = get_limit_subquery_sql(sql, config.get('limit')) -%}
    {%- set tabell = api.Relation.create(
        database=database, schema=schema, identifier=model['alias'], type='table'
    ) -%}

    {%- if should_store_failures() -%}
        {%- set forrige = adapter.get_relation(database=database, schema=schema, identifier=model['alias']) -%}
        {%- if forrige -%}
            {%- call statement('forrige', auto_begin=True) -%}
                {{ get_drop_sql(forrige) }}
            {%- endcall -%}
            {%- do adapter.commit() -%}
        {%- endif -%}
    {%- endif -%}

    {%- call statement('main', fetch_result=True) -%}
        {{ get_test_sql(
            utvalg, config.get('fail_calc'), config.get('warn_if'), config.get('error_if'), limit=none
        ) }}
    {%- endcall -%}

    {%- set utfall = load_result('main').table.rows[0] -%}
    {%- if should_store_failures() and (utfall[1] or utfall[2]) -%}
        {%- call statement('feilende_rader', auto_begin=True) -%}
            {{ get_create_sql(tabell, utvalg) }}
        {%- endcall -%}
        {%- do adapter.commit() -%}
        {{ return({'relations': [tabell]}) }}
    {%- endif -%}

    {{ return({'relations': []}) }}
{% endmaterialization %}

{% macro rydd_feil() %}
    {%- if execute -%}
        {%- set skjema = generate_schema_name('feil', none) -%}
        {%- set funnet = run_query(
            "select table_name from information_schema.tables where table_catalog = '" ~ target.database
            ~ "' and table_schema = '" ~ skjema ~ "' order by table_name"
        ).columns[0].values() -%}
        {%- set tester = graph.nodes.values() | selectattr('resource_type', 'equalto', 'test')
            | map(attribute='alias') | list -%}
        {%- set ukjente = funnet | reject('in', tester) | list -%}
        {%- for tabell in ukjente %}
            drop table {{ adapter.quote(skjema) }}.{{ adapter.quote(tabell) }};
        {%- endfor %}
        {%- if ukjente | length == funnet | length %}
            drop schema if exists {{ adapter.quote(skjema) }};
        {%- endif %}
    {%- endif -%}
{% endmacro %}
