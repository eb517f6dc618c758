-- Persons of the touched clusters, those that are new or changed; an alias points to the person that took its mentions.
INSERT INTO person AS p (person_id, grade, alias_of, created_at, updated_at)
SELECT n.person_id, n.grade, n.alias_of, now(), now()
FROM unnest($1::int8[], $2::text[], $3::int8[]) AS n (person_id, grade, alias_of)
LEFT JOIN person o ON o.person_id = n.person_id
WHERE o.person_id IS NULL OR (o.grade, o.alias_of) IS DISTINCT FROM (n.grade, n.alias_of)
ON CONFLICT (person_id) DO UPDATE
SET grade = excluded.grade, alias_of = excluded.alias_of, updated_at = now()
