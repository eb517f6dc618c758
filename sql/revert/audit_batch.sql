-- Revert hulei:audit_batch from pg
SET ROLE hulei_owner;
SET search_path = hulei;

CREATE OR REPLACE FUNCTION audit_append(in_lane text, in_actor text, in_role text, in_action text, in_purpose text,
                                        in_subject bytea, in_alert_id text, in_detail jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    head audit_lane;
    now_at CONSTANT timestamptz := clock_timestamp();
    next_hash bytea;
    k audit_key;
BEGIN
    IF (session_user = 'hulei_engine' AND in_lane NOT IN ('engine', 'admin'))
       OR (session_user = 'hulei_courier' AND in_lane <> 'courier')
       OR (session_user = 'hulei_console' AND in_lane NOT LIKE 'console%') THEN
        RAISE EXCEPTION 'this role does not write that lane' USING ERRCODE = 'HL008';
    END IF;
    SELECT * INTO head FROM audit_lane WHERE lane = in_lane FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO audit_lane VALUES (in_lane, 0, '\x') ON CONFLICT (lane) DO NOTHING;
        SELECT * INTO head FROM audit_lane WHERE lane = in_lane FOR UPDATE;
    END IF;
    k := audit_key_now();
    next_hash := sha256(head.head_hash || audit_canonical(in_lane, head.head_seq + 1, now_at, in_actor, in_role,
                                                          in_action, in_purpose, in_subject, in_alert_id, in_detail));
    INSERT INTO audit_entry VALUES (in_lane, head.head_seq + 1, now_at, in_actor, in_role, in_action, in_purpose,
                                    in_subject, in_alert_id, in_detail, next_hash, k.epoch, audit_mac(k, next_hash));
    UPDATE audit_lane SET head_seq = head.head_seq + 1, head_hash = next_hash WHERE lane = in_lane;
    RETURN head.head_seq + 1;
END
$$;
COMMENT ON FUNCTION audit_append IS 'The only door to the audit chain; call it in the transaction of the act.';

DROP FUNCTION audit_append_all;
