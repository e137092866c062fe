{{ gruppe_i_aar(
    verdier=ref('sentralitet'),
    gruppeverdi='sentralitet',
    grupperinger=ref('sentralitetsstandard'),
    gruppering='standard'
) }}
