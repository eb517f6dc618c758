-- From here on, or up to next_record, the stored features are of this version.
INSERT INTO features_state (version, next_record) VALUES ($1::text, $2::bigint)
ON CONFLICT (is_only) DO UPDATE SET version = excluded.version, next_record = excluded.next_record,
                                    changed_at = clock_timestamp()
