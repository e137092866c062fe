{{ gruppe_i_aar(
    verdier=ref('kostragruppe'),
    gruppeverdi='kostragruppe',
    grupperinger=ref('kostragruppering'),
    gruppering='gruppering'
) }}
