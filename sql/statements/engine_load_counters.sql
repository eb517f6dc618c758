-- Where the single writer's id counters go on; a number of a record that was erased is not given again. And for how many
-- mentions the index is prepared.
SELECT (SELECT coalesce(greatest(max(record_id), (SELECT max(record_id) FROM erasure)), 0) FROM record),
       (SELECT coalesce(greatest(max(person_id), (SELECT max(person_id) FROM person_event)), 0) FROM person),
       (SELECT coalesce(max(data_key_id), 0) FROM data_key),
       (SELECT count(*) FROM mention)
