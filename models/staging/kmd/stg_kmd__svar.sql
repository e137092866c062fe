{{ stg_svar('kmd') }}
