-- Where the single writer's id counters go on, and for how many mentions the index is prepared.
SELECT (SELECT coalesce(max(record_id), 0) FROM record),
       (SELECT coalesce(max(person_id), 0) FROM person),
       (SELECT coalesce(max(data_key_id), 0) FROM data_key),
       (SELECT count(*) FROM mention)
