-- Which person each mention of a live record belongs to; nothing personal leaves.
SELECT m.person_id, s.urn, r.type, r.subject, m.slot
FROM mention m JOIN record r USING (record_id) JOIN source s USING (source_id)
WHERE r.state = 'live'
