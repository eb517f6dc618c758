SET ROLE hulei_owner;
DROP FUNCTION hulei.review_sheet;
