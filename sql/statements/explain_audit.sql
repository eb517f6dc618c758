-- $1 OS user, $2 and $3 the mentions looked at
SELECT audit_append('admin', $1::text, 'operator', 'identity_explain', 'identity', NULL, NULL,
                    jsonb_build_object('mention_a', $2::bigint, 'mention_b', $3::bigint))
