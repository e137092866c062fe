{% test mutually_exclusive_ranges(model, lower_bound_column, upper_bound_column, partition_by, gaps='allowed') %}
    {%- if gaps not in ['allowed', 'not_allowed'] -%}
        {{ exceptions.raise_compiler_error(
            "mutually_exclusive_ranges on " ~ model ~ ": gaps must be allowed or not_allowed, found '" ~ gaps ~ "'."
        ) }}
    {%- endif -%}
    {#- Lower bound inclusive, upper bound exclusive; an upper bound of null is open. -#}
    with grenser as (

        select
            {{ partition_by }} as gruppe,
            {{ lower_bound_column }} as nedre,
            {{ upper_bound_column }} as oevre,
            lead({{ lower_bound_column }}) over (
                partition by {{ partition_by }}
                order by {{ lower_bound_column }}, {{ upper_bound_column }}
            ) as neste_nedre
        from {{ model }}

    )

    select *
    from grenser
    where
        (nedre is not null) is not true
        or (oevre is not null and (nedre < oevre) is not true)
        or (
            neste_nedre is not null
            and (oevre {{ '=' if gaps == 'not_allowed' else '<=' }} neste_nedre) is not true
        )
{% endtest %}
