-- Interns the sources of config/feeds.yaml: urn -> small number; topics may move.
INSERT INTO source (source_id, urn, topic, department)
SELECT (SELECT coalesce(max(source_id), 0) FROM source) + row_number() OVER (ORDER BY n.urn), n.urn, n.topic, n.department
FROM unnest($1::text[], $2::text[], $3::text[]) AS n (urn, topic, department)
WHERE NOT EXISTS (SELECT FROM source s WHERE s.urn = n.urn)
