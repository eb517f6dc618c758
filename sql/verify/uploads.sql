-- Verify hulei:uploads on pg
SELECT upload_id, line, outbox_id FROM hulei.feed_upload_row WHERE false;
SELECT data_key_id FROM hulei.outbox WHERE false;
SELECT 'hulei.upload_list()'::regprocedure;
