SELECT 'hulei.pair_move(bigint, bigint, bigint, bigint, text)'::regprocedure;
