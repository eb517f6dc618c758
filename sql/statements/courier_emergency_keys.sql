-- Numbers for the data keys of emergencies.
SELECT nextval('emergency_key') FROM generate_series(1, $1::int)
