-- Persons of the touched clusters; an alias points to the person that took its mentions.
INSERT INTO person AS p (person_id, grade, alias_of, created_at, updated_at)
SELECT n.person_id, n.grade, n.alias_of, now(), now()
FROM unnest($1::int8[], $2::text[], $3::int8[]) AS n (person_id, grade, alias_of)
ON CONFLICT (person_id) DO UPDATE
SET grade = excluded.grade, alias_of = excluded.alias_of, updated_at = now()
