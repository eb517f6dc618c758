-- Features of the live mentions, for the index at start.
SELECT m.mention_id, r.source_id, m.person_id, m.canonical, r.data_key_id, k.wrapped, m.features
FROM mention m
JOIN record r ON r.record_id = m.record_id
JOIN data_key k ON k.data_key_id = r.data_key_id
ORDER BY m.mention_id
