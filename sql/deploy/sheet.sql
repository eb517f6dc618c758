-- Deploy hulei:sheet to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- What a review sheet is made of. The console has no right on records and keys but this one: the two persons of a task
-- that waits for review, for a named reviewer, and never without an entry in the audit chain.
CREATE FUNCTION review_sheet(in_task_id bigint, in_account_id bigint)
    RETURNS TABLE (side text, record_id bigint, slot smallint, department text, type smallint, role smallint, as_of text,
                   body bytea, data_key_id bigint, kek_id int, wrapped bytea, grade text)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    who CONSTANT account := account_with_role(in_account_id, '{reviewer}');
    p pair;
BEGIN
    SELECT pair.* INTO p FROM review_task t JOIN pair USING (pair_id) WHERE t.task_id = in_task_id AND t.state = 'open';
    IF p.pair_id IS NULL THEN
        RAISE EXCEPTION 'no open task about a pair' USING ERRCODE = 'HL002';
    END IF;
    PERFORM audit_append('console', who.name, 'reviewer', 'review_look', 'review', NULL, NULL,
                         jsonb_build_object('pair', p.public_id, 'version', p.version, 'task_id', in_task_id));
    RETURN QUERY
        SELECT x.side, r.record_id, r.slot, r.department, r.type, r.role, r.as_of, r.body, r.data_key_id, r.kek_id,
               r.wrapped, r.grade
        FROM (VALUES ('child', p.child_person), ('risk', p.risk_person)) AS x (side, person_id)
        CROSS JOIN LATERAL (
            SELECT r.record_id, m.slot, s.department, r.type, m.role,
                   to_char(r.version_time AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AS as_of, r.body, r.data_key_id,
                   k.kek_id, k.wrapped, n.grade
            FROM mention m
            JOIN person n ON n.person_id = m.person_id
            JOIN record r ON r.record_id = m.record_id AND r.state = 'live' AND r.body IS NOT NULL
            JOIN source s ON s.source_id = r.source_id
            JOIN data_key k ON k.data_key_id = r.data_key_id
            WHERE m.person_id = x.person_id
            ORDER BY r.version_time DESC, r.record_id, m.slot
            LIMIT 40) AS r
        ORDER BY x.side, r.as_of DESC, r.record_id, r.slot;
END
$$;
COMMENT ON FUNCTION review_sheet IS 'Sealed bodies and wrapped keys of both persons of an open task (side: child, risk), at most 40 blocks each, the newest first; writes the audit entry itself.';
