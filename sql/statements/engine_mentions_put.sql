-- New or changed person blocks. Features that are as stored come as NULL: only the role or the person may differ.
WITH n AS (
    SELECT * FROM unnest($1::int8[], $2::int8[], $3::int2[], $4::int2[], $5::int8[], $6::bytea[], $7::bytea[])
        AS u (mention_id, record_id, slot, role, person_id, canonical, features)
), kept AS (
    UPDATE mention m SET role = n.role, person_id = n.person_id
    FROM n
    WHERE n.features IS NULL AND m.mention_id = n.mention_id AND (m.role, m.person_id) <> (n.role, n.person_id)
)
INSERT INTO mention AS m (mention_id, record_id, slot, role, person_id, canonical, features)
SELECT * FROM n WHERE features IS NOT NULL
ON CONFLICT (mention_id) DO UPDATE
SET role = excluded.role, person_id = excluded.person_id, features = excluded.features
