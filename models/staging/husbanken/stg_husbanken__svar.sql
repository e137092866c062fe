{{ stg_svar('husbanken') }}
