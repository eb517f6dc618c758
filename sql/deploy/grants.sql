-- Deploy hulei:grants to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- Nobody gets more than its statements need; pairs, decisions, alerts and audit change only through functions.
REVOKE ALL ON ALL TABLES IN SCHEMA hulei FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA hulei FROM PUBLIC;

GRANT SELECT ON schema_version, setting TO hulei_engine, hulei_courier, hulei_console, hulei_auditor;
GRANT EXECUTE ON FUNCTION audit_append(text, text, text, text, text, bytea, text, jsonb)
    TO hulei_engine, hulei_courier, hulei_console;
GRANT SELECT, INSERT, UPDATE ON role_status TO hulei_engine, hulei_courier, hulei_console;

-- Engine: writes what feeds say; reads nothing of accounts and alerts.
GRANT SELECT, INSERT, UPDATE ON source, record, mention, person, place, parked, feed_counter, ingest_offset,
    engine_lease TO hulei_engine;
GRANT SELECT, INSERT ON data_key, record_history, seen_event, seal_tombstone, person_event, ingest_gap TO hulei_engine;
GRANT DELETE ON mention, place TO hulei_engine;
GRANT SELECT ON pair, identity_decision, command, outbox, review_task TO hulei_engine;
GRANT UPDATE (applied_at) ON command TO hulei_engine;
GRANT INSERT ON command TO hulei_engine;
GRANT INSERT (kind, topic, key, payload, not_before, state, attempts, created_at) ON outbox TO hulei_engine;
GRANT EXECUTE ON FUNCTION pair_put(bigint, bigint, smallint, text, text[], jsonb, bytea, text, timestamptz, text),
    pair_event(bigint, int, text, text, jsonb), forget_records(bigint[], bytea[], text[]) TO hulei_engine;

-- Courier: delivers; sees no record, no mention, no key.
GRANT SELECT ON post, post_area, pair, decision, alert TO hulei_courier;
GRANT INSERT, UPDATE ON post TO hulei_courier;
GRANT INSERT, DELETE ON post_area TO hulei_courier;
GRANT SELECT, INSERT, UPDATE ON alert_series, delivery, outbox, engine_lease, ingest_offset TO hulei_courier;
GRANT SELECT, INSERT ON escalation, ack, ingest_gap TO hulei_courier;

-- Console: shows a task to its reviewer; decides only through pair_event().
GRANT SELECT ON review_task, pair, pair_log, decision TO hulei_console;
GRANT SELECT ON account TO hulei_console;
GRANT EXECUTE ON FUNCTION pair_event(bigint, int, text, text, jsonb), review_sheet(bigint, bigint) TO hulei_console;

-- Auditor: the chain and nothing else.
GRANT SELECT ON audit_lane, audit_entry, audit_checkpoint, audit_root TO hulei_auditor;
-- audit_verify() answers lane, number and kind of fault only: hulei status shows it.
GRANT EXECUTE ON FUNCTION audit_verify() TO hulei_engine;
GRANT EXECUTE ON FUNCTION audit_verify(),
    audit_canonical(text, bigint, timestamptz, text, text, text, text, bytea, text, jsonb) TO hulei_auditor;
