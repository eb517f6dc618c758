-- Mentions whose person changed while their record did not.
UPDATE mention m SET person_id = n.person_id
FROM unnest($1::int8[], $2::int8[]) AS n (mention_id, person_id)
WHERE m.mention_id = n.mention_id
