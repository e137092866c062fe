{{ stg_svar('skjema13') }}
