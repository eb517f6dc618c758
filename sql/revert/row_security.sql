-- Revert hulei:row_security from pg
DO $$
DECLARE
    of_table text;
BEGIN
    -- Tables of other changes keep what those gave them: a policy named doors beside others, or for cards.
    FOR of_table IN SELECT p.tablename FROM pg_policies p WHERE p.schemaname = 'hulei' AND p.policyname = 'doors'
                    AND p.tablename = ANY (ARRAY[
        'account', 'account_grant', 'alert_series', 'audit_key', 'canary_record', 'command', 'credential', 'data_key', 'duty_turn',
        'emergency', 'emergency_notice', 'erased_record', 'erasure', 'erasure_item', 'erasure_request', 'escalation', 'export',
        'feed_upload', 'feed_upload_row', 'identity_decision', 'identity_review', 'look_request', 'mention', 'objection',
        'objection_pair', 'outbox', 'pair_rejection', 'person', 'person_event', 'person_look', 'person_search', 'place',
        'post_roster', 'record', 'record_history', 'seal_tombstone', 'seen_event', 'session', 'silence', 'sos_device',
        'watch_alarm']) LOOP
        EXECUTE format('DROP POLICY doors ON hulei.%I', of_table);
        EXECUTE format('ALTER TABLE hulei.%I NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY', of_table);
    END LOOP;
END
$$;
