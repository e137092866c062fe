{{ svar_med_status(svar=ref('stg_skjema13__svar'), kilde='skjema13', katalog=ref('skjema13_felt')) }}
