-- Revert hulei:explain_pair from pg
SET ROLE hulei_owner;
DROP FUNCTION hulei.pair_explain, hulei.explain_person;
