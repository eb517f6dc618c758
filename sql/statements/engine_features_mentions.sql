-- Features of person blocks, made anew of the same records.
UPDATE mention m SET features = n.features
FROM unnest($1::int8[], $2::bytea[]) AS n (mention_id, features)
WHERE m.mention_id = n.mention_id
