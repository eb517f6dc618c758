-- Verify hulei:notices on pg
SELECT 'hulei.notices_put(bigint[])'::regprocedure, 'hulei.webhook_failed(bigint[])'::regprocedure,
       'hulei.outbox_webhook'::regclass;
