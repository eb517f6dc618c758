-- Every change of a cluster is an event.
INSERT INTO person_event (person_id, kind, other_person, at)
SELECT n.person_id, n.kind, n.other_person, now()
FROM unnest($1::int8[], $2::text[], $3::int8[]) AS n (person_id, kind, other_person)
