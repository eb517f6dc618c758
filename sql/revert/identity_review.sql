SET ROLE hulei_owner;
SET search_path = hulei;
DROP TRIGGER person_event_asks ON person_event;
DELETE FROM review_task WHERE kind = 'identity';
DROP INDEX review_task_open_identity, review_task_composition;
DROP FUNCTION review_sheet, identity_decide, identity_edges, identity_side, identity_follow, identity_is_kept_apart,
    identity_composition, identity_members, identity_persons;
DELETE FROM identity_decision WHERE mention_a = mention_b;
ALTER TABLE identity_decision DROP CONSTRAINT identity_decision_itself, DROP COLUMN review_id,
    ADD CONSTRAINT identity_decision_check CHECK (mention_b <> mention_a);
DROP INDEX identity_decision_mention;
DROP TABLE identity_review;
\ir ../deploy/sheet.sql
REVOKE ALL ON FUNCTION review_sheet FROM PUBLIC;
GRANT EXECUTE ON FUNCTION review_sheet(bigint, bigint) TO hulei_console;
