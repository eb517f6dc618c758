-- $1 OS user, $2 action, $3 parked_id, $4 reason code
SELECT audit_append('admin', $1::text, 'operator', $2::text, 'quarantine', NULL, NULL,
                    jsonb_strip_nulls(jsonb_build_object('parked', $3::bigint, 'reason', $4::text)))
