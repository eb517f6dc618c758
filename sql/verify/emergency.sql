-- Verify hulei:emergency on pg
SELECT emergency_id, public_id, source_id, type, subject, rule, child_person, topic, part, off, appended_at, taken_at,
       data_key_id, body, reporter, erased_at
FROM hulei.emergency WHERE false;
SELECT emergency_id, due_at, asked_at, given_at, given_by FROM hulei.emergency_notice WHERE false;
SELECT device_hash, heard_at FROM hulei.sos_device WHERE false;
SELECT 1 / (count(*) = 3)::int FROM hulei.setting WHERE name IN ('emergency_keep_days', 'emergency_notice_hours', 'sos_silence_s');
