SELECT audit_append('admin', $1::text, 'operator', 'key_rotate', NULL, NULL, NULL,
                    jsonb_build_object('kek', $2::int, 'rewrapped', $3::bigint))
