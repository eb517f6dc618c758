-- Persons of the touched clusters, those that are new or changed; an alias points to the person that took its mentions.
-- A person that nobody is left of comes without a grade. Another grade is an event, too: only this table knows the one
-- before, for the engine starts without grades. Its mentions have not moved yet when a person becomes an alias.
WITH given AS (
    SELECT n.person_id, n.grade, n.alias_of,
           o.alias_of IS NULL AND n.alias_of IS NULL AND o.grade <> n.grade AS is_graded
    FROM unnest($1::int8[], $2::text[], $3::int8[]) AS n (person_id, grade, alias_of)
    LEFT JOIN person o ON o.person_id = n.person_id
    WHERE o.person_id IS NULL OR (o.grade, o.alias_of) IS DISTINCT FROM (coalesce(n.grade, 'probable'), n.alias_of)
), graded AS (
    INSERT INTO person_event (person_id, kind, at)
    SELECT person_id, 'graded', now() FROM given WHERE is_graded ORDER BY person_id
)
INSERT INTO person (person_id, grade, alias_of, anchor, created_at, updated_at)
SELECT person_id, coalesce(grade, 'probable'), alias_of,
       (SELECT min(m.mention_id) FROM mention m WHERE given.alias_of IS NOT NULL AND m.person_id = given.person_id), now(), now()
FROM given
ON CONFLICT (person_id) DO UPDATE
SET grade = excluded.grade, alias_of = excluded.alias_of, anchor = excluded.anchor, updated_at = now()
