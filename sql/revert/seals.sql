SET ROLE hulei_owner;
DROP TRIGGER seal_tombstone_parked ON hulei.seal_tombstone;
DROP FUNCTION hulei.seal_parked, hulei.seal_record;
