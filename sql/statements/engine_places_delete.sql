DELETE FROM place WHERE record_id = ANY ($1::int8[])
