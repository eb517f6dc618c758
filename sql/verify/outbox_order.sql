-- Verify hulei:outbox_order on pg
SELECT 'hulei.outbox_queued'::regclass;
