SELECT 'hulei.review_sheet(bigint, bigint)'::regprocedure;
