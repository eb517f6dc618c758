-- Audit entries of one batch, in the order given.
SELECT audit_append('engine', 'engine', 'engine', n.action, NULL, n.subject, NULL, n.detail::jsonb)
FROM unnest($1::text[], $2::bytea[], $3::text[]) WITH ORDINALITY AS n (action, subject, detail, position)
ORDER BY n.position
