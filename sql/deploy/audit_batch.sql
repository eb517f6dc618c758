-- Deploy hulei:audit_batch to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- A batch takes the lane's head once: a row that one transaction changes a thousand times is found ever more slowly.
CREATE FUNCTION audit_append_all(in_lane text, in_actor text, in_role text, in_purpose text, in_actions text[],
                                 in_subjects bytea[], in_alert_ids text[], in_details jsonb[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    head audit_lane;
    now_at timestamptz;
    k audit_key;
BEGIN
    IF (session_user = 'hulei_engine' AND in_lane NOT IN ('engine', 'admin'))
       OR (session_user = 'hulei_courier' AND in_lane NOT IN ('courier', 'emergency'))
       OR (session_user = 'hulei_console' AND in_lane NOT LIKE 'console%') THEN
        RAISE EXCEPTION 'this role does not write that lane' USING ERRCODE = 'HL008';
    END IF;
    -- Each connection of the console has a lane of its own, by its number: none waits for another's head.
    IF session_user = 'hulei_console' THEN
        in_lane := in_lane || coalesce('-' || substring(current_setting('application_name') FROM '^hulei console ([0-9]{1,2})$'), '');
    END IF;
    SELECT * INTO head FROM audit_lane WHERE lane = in_lane FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO audit_lane VALUES (in_lane, 0, '\x') ON CONFLICT (lane) DO NOTHING;
        SELECT * INTO head FROM audit_lane WHERE lane = in_lane FOR UPDATE;
    END IF;
    k := audit_key_now(); -- behind the lane's lock: epochs never go back
    FOR i IN 1 .. coalesce(array_length(in_actions, 1), 0) LOOP
        now_at := clock_timestamp();
        head.head_seq := head.head_seq + 1;
        head.head_hash := sha256(head.head_hash || audit_canonical(in_lane, head.head_seq, now_at, in_actor, in_role,
                                                                   in_actions[i], in_purpose, in_subjects[i],
                                                                   in_alert_ids[i], in_details[i]));
        INSERT INTO audit_entry VALUES (in_lane, head.head_seq, now_at, in_actor, in_role, in_actions[i], in_purpose,
                                        in_subjects[i], in_alert_ids[i], in_details[i], head.head_hash, k.epoch,
                                        audit_mac(k, head.head_hash));
    END LOOP;
    UPDATE audit_lane SET head_seq = head.head_seq, head_hash = head.head_hash WHERE lane = in_lane;
    RETURN head.head_seq;
END
$$;
COMMENT ON FUNCTION audit_append_all IS 'Entries of one actor in the order of the arrays; returns the last number.';

CREATE OR REPLACE FUNCTION audit_append(in_lane text, in_actor text, in_role text, in_action text, in_purpose text,
                                        in_subject bytea, in_alert_id text, in_detail jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    RETURN audit_append_all(in_lane, in_actor, in_role, in_purpose, ARRAY[in_action], ARRAY[in_subject],
                            ARRAY[in_alert_id], ARRAY[in_detail]);
END
$$;
COMMENT ON FUNCTION audit_append IS 'One entry. This and audit_append_all() are the only doors to the audit chain; call them in the transaction of the act.';

REVOKE ALL ON FUNCTION audit_append_all FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_append_all TO hulei_engine, hulei_courier, hulei_console;
