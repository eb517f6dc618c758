SET ROLE hulei_owner;
SET search_path = hulei;
DROP FUNCTION objection_turn, objection_list, objection_answer, objection_withdraw, objection_take, objection_close,
    objection_edges, objection_settle_pairs, objection_open, objection_join, objection_signal, objection_dispute, objection_tell,
    record_find;
ALTER TABLE identity_decision DROP CONSTRAINT identity_decision_who;
DELETE FROM identity_decision WHERE objection_id IS NOT NULL;
ALTER TABLE identity_decision DROP COLUMN objection_id,
    ADD CONSTRAINT identity_decision_who CHECK ((verdict = 'kept') = (account_id IS NULL));
DROP TABLE objection_pair, objection;
DELETE FROM setting WHERE name LIKE 'objection_%';
