-- Revert hulei:digest from pg
SET ROLE hulei_owner;
SET search_path = hulei;
DROP FUNCTION digest_run, digest_cells;
DELETE FROM setting WHERE name = 'digest_few_below';
DROP TABLE digest;
