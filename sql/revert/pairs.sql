SET ROLE hulei_owner;
DROP TABLE hulei.command;
DROP TABLE hulei.decision;
DROP TABLE hulei.review_task;
DROP TABLE hulei.pair_rejection;
DROP TABLE hulei.pair_log;
DROP TABLE hulei.pair;
DROP TABLE hulei.account;
