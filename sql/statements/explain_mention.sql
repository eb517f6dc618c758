-- Sealed features of one person of a live record. $1 source, $2 type, $3 subject, $4 slot
SELECT m.mention_id, r.data_key_id, k.wrapped, m.features
FROM mention m
JOIN record r ON r.record_id = m.record_id
JOIN source s ON s.source_id = r.source_id
JOIN data_key k ON k.data_key_id = r.data_key_id
WHERE s.urn = $1::text AND r.type = $2::smallint AND r.subject = $3::text AND m.slot = $4::smallint
  AND r.state = 'live'
