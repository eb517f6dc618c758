-- Facts of records, made anew.
UPDATE record r SET facts = n.facts
FROM unnest($1::int8[], $2::bytea[]) AS n (record_id, facts)
WHERE r.record_id = n.record_id
