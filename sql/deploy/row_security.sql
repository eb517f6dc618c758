-- Deploy hulei:row_security to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- What is about people is shut even to its owner; in come the functions that are the doors and the roles that were
-- granted something of the table. sql/tests/row_security.sql finds a personal table that is not in this list.
DO $$
DECLARE
    of_table text;
    doors text;
BEGIN
    FOREACH of_table IN ARRAY ARRAY[
        'account', 'account_grant', 'alert_series', 'audit_key', 'canary_record', 'command', 'credential', 'data_key', 'duty_turn',
        'emergency', 'emergency_notice', 'erased_record', 'erasure', 'erasure_item', 'erasure_request', 'escalation', 'export',
        'feed_upload', 'feed_upload_row', 'identity_decision', 'identity_review', 'look_request', 'mention', 'objection',
        'objection_pair', 'outbox', 'pair_rejection', 'person', 'person_event', 'person_look', 'person_search', 'place',
        'post_roster', 'record', 'record_history', 'seal_tombstone', 'seen_event', 'session', 'silence', 'sos_device',
        'watch_alarm'] LOOP
        SELECT string_agg(r, ', ') INTO doors
        FROM unnest(ARRAY['hulei_engine', 'hulei_courier', 'hulei_console', 'hulei_auditor']) AS r
        WHERE has_any_column_privilege(r, of_table::regclass, 'SELECT, INSERT, UPDATE')
           OR has_table_privilege(r, of_table::regclass, 'DELETE');
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', of_table);
        EXECUTE format('CREATE POLICY doors ON %I TO %s USING (true) WITH CHECK (true)', of_table,
                       concat_ws(', ', 'hulei_owner', doors));
    END LOOP;
END
$$;
