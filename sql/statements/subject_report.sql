-- What is held on a person, or on one record; writes its audit entry.
SELECT r.record_id, r.source, r.type, r.subject, r.state, to_char(r.as_of AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'),
       coalesce(to_char(r.ends_on, 'YYYY-MM-DD'), '-'), coalesce(r.ends_rule, '-'), r.versions, r.person_id, r.body,
       r.data_key_id, r.wrapped
FROM subject_report($1::text, $2::bigint, $3::text, $4::smallint, $5::text, $6::text, $7::boolean) AS r
