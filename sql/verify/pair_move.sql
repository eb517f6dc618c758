SELECT 'hulei.pair_move(bigint, bigint, bigint, bigint)'::regprocedure;
