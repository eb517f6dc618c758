SET ROLE hulei_owner;
DROP FUNCTION hulei.seal_record;
