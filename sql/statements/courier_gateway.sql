-- Whether notices have somewhere to go.
SELECT gateway_set($1::text)
