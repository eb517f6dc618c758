-- Revert hulei:scope from pg
SET search_path = hulei;
DROP TRIGGER console_hears ON review_task;
DROP TRIGGER console_hears ON delivery;
DROP TRIGGER console_hears ON feed_counter;
DROP TRIGGER review_task_placed ON review_task;
DO $$
DECLARE
    p record;
BEGIN
    FOR p IN SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'hulei' LOOP
        EXECUTE format('DROP POLICY %I ON hulei.%I', p.policyname, p.tablename);
        EXECUTE format('ALTER TABLE hulei.%I NO FORCE ROW LEVEL SECURITY', p.tablename);
        EXECUTE format('ALTER TABLE hulei.%I DISABLE ROW LEVEL SECURITY', p.tablename);
    END LOOP;
END
$$;
DROP INDEX review_task_queue;
DROP FUNCTION account_posts, session_begin_local, session_speaks_for, review_task_place, rfc_time, session_me, console_tell,
    session_scope;
DROP TYPE scope;
REVOKE SELECT ON delivery, alert, post, post_area, source, feed_counter, audit_entry, audit_lane, ack, parked FROM hulei_console;
REVOKE SELECT (ack_id, post_id, alert_id, state, outcome_code, who, at, verdict, received_at) ON ack FROM hulei_console;
REVOKE SELECT (parked_id, topic, source_id, code, field, rule, stage, first_seen, state) ON parked FROM hulei_console;
