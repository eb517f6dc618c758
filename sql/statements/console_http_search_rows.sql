SELECT person_id, side, to_json(tasks)::text, to_json(alerts)::text, mention_id, masked, proof, data_key_id, wrapped
FROM search_rows($1::text, $2::text, $3::int4[])
