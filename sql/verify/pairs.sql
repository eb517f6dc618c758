SELECT 1 FROM hulei.account WHERE false;
SELECT 1 FROM hulei.pair WHERE false;
SELECT 1 FROM hulei.pair_log WHERE false;
SELECT 1 FROM hulei.pair_rejection WHERE false;
SELECT 1 FROM hulei.review_task WHERE false;
SELECT 1 FROM hulei.decision WHERE false;
SELECT 1 FROM hulei.command WHERE false;
