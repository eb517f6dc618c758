SET ROLE hulei_owner;
DROP FUNCTION hulei.pair_move;
