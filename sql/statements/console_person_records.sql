-- The live records that make a person, with what is needed to open them; the newest first.
SELECT r.record_id, m.slot, s.department, r.type, m.role,
       to_char(r.version_time AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'), r.body, r.data_key_id, k.kek_id, k.wrapped,
       p.grade
FROM mention m
JOIN person p ON p.person_id = m.person_id
JOIN record r ON r.record_id = m.record_id AND r.state = 'live' AND r.body IS NOT NULL
JOIN source s ON s.source_id = r.source_id
JOIN data_key k ON k.data_key_id = r.data_key_id
WHERE m.person_id = $1::bigint
ORDER BY r.version_time DESC, r.record_id
LIMIT 40
