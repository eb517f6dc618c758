SET ROLE hulei_owner;
DROP FUNCTION hulei.clock_day();
DROP FUNCTION hulei.clock();
