-- One entry per act of a reviewer, looks included.
SELECT audit_append('console', $1::text, 'reviewer', $2::text, 'review', $3::bytea, NULL, $4::jsonb)
