-- How many rows an older key still wraps, by their own headers.
SELECT (SELECT count(*) FROM data_key WHERE kek_id < $1::int)
       + (SELECT count(*) FROM credential WHERE kek_of(factor_key) < $1::int)
