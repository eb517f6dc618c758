-- Where the single writer's id counters go on.
SELECT (SELECT coalesce(max(record_id), 0) FROM record),
       (SELECT coalesce(max(person_id), 0) FROM person),
       (SELECT coalesce(max(data_key_id), 0) FROM data_key)
