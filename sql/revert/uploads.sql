-- Revert hulei:uploads from pg
SET search_path = hulei;
DROP FUNCTION upload_department, upload_keys, upload_put, upload_list, outbox_sealed;
DELETE FROM retention WHERE what = 'upload';
DROP TABLE feed_upload_row, feed_upload;
DROP TRIGGER outbox_key_changed ON outbox;
DROP TRIGGER outbox_feed_left ON outbox;
DROP FUNCTION outbox_drop_key, outbox_feed_empty;
DROP SEQUENCE upload_key;
ALTER TABLE outbox DROP COLUMN data_key_id;
