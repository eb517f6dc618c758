-- Deploy hulei:sheet to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- What a review sheet is made of. The console has no right on records and keys but this one: only persons of a pair
-- that waits for review, and never without an entry in the audit chain.
CREATE FUNCTION review_records(in_person bigint)
    RETURNS TABLE (record_id bigint, slot smallint, department text, type smallint, role smallint, as_of text, body bytea,
                   data_key_id bigint, kek_id int, wrapped bytea, grade text)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    looked_at jsonb;
BEGIN
    SELECT jsonb_build_object('pair', p.public_id, 'task', t.public_id,
                              'side', CASE WHEN p.child_person = in_person THEN 'child' ELSE 'risk' END)
    INTO looked_at
    FROM review_task t JOIN pair p USING (pair_id)
    WHERE t.state = 'open' AND in_person IN (p.child_person, p.risk_person)
    ORDER BY t.task_id LIMIT 1;
    IF looked_at IS NULL THEN
        RETURN;
    END IF;
    PERFORM audit_append('console', 'console', 'console', 'review_records', 'review', NULL, NULL, looked_at);
    RETURN QUERY
        SELECT r.record_id, m.slot, s.department, r.type, m.role,
               to_char(r.version_time AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'), r.body, r.data_key_id, k.kek_id,
               k.wrapped, p.grade
        FROM mention m
        JOIN person p ON p.person_id = m.person_id
        JOIN record r ON r.record_id = m.record_id AND r.state = 'live' AND r.body IS NOT NULL
        JOIN source s ON s.source_id = r.source_id
        JOIN data_key k ON k.data_key_id = r.data_key_id
        WHERE m.person_id = in_person
        ORDER BY r.version_time DESC, r.record_id
        LIMIT 40;
END
$$;
COMMENT ON FUNCTION review_records IS 'Sealed bodies and wrapped keys of one person of a pair under review, the newest first; writes the audit entry itself.';

-- The same for a whole task, by a named reviewer.
CREATE FUNCTION review_sheet(in_task_id bigint, in_account_id bigint)
    RETURNS TABLE (side text, record_id bigint, slot smallint, department text, type smallint, role smallint, as_of text,
                   body bytea, data_key_id bigint, kek_id int, wrapped bytea, grade text)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    who account;
    p pair;
BEGIN
    SELECT * INTO who FROM account WHERE account_id = in_account_id AND NOT locked AND 'reviewer' = ANY (roles);
    SELECT pair.* INTO p FROM review_task t JOIN pair USING (pair_id) WHERE t.task_id = in_task_id AND t.state = 'open';
    IF who.account_id IS NULL THEN
        RAISE EXCEPTION 'a sheet needs an unlocked reviewer' USING ERRCODE = 'HL003';
    ELSIF p.pair_id IS NULL THEN
        RAISE EXCEPTION 'no open task about a pair' USING ERRCODE = 'HL002';
    END IF;
    PERFORM audit_append('console', who.name, 'reviewer', 'review_look', 'review', NULL, NULL,
                         jsonb_build_object('pair', p.public_id, 'version', p.version, 'task_id', in_task_id));
    RETURN QUERY SELECT 'child'::text, r.* FROM review_records(p.child_person) AS r;
    RETURN QUERY SELECT 'risk'::text, r.* FROM review_records(p.risk_person) AS r;
END
$$;
COMMENT ON FUNCTION review_sheet IS 'Both persons of an open task for a reviewer''s account, with its audit entries.';
