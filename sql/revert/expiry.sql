SET ROLE hulei_owner;
SET search_path = hulei;
DROP TRIGGER pair_expired ON pair;
DROP FUNCTION expiry_turn, pair_end, expiry_debt, forget_expired_grounds, forget_persons, retention_turn, purge_rows,
    purge_parked_bodies, purge_pairs, purge_alerts, audit_cut;
DROP TABLE retention;
REVOKE ALL ON erasure, erased_record FROM hulei_engine;
REVOKE UPDATE (ledgered_at) ON erasure FROM hulei_engine;
