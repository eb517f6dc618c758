SELECT 1 FROM hulei.post WHERE false;
SELECT 1 FROM hulei.post_area WHERE false;
SELECT 1 FROM hulei.alert_series WHERE false;
SELECT 1 FROM hulei.alert WHERE false;
SELECT 1 FROM hulei.delivery WHERE false;
SELECT 1 FROM hulei.escalation WHERE false;
SELECT 1 FROM hulei.ack WHERE false;
SELECT 1 FROM hulei.outbox WHERE false;
