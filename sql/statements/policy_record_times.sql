SELECT record_id, version_time FROM record WHERE record_id = ANY ($1::int8[])
