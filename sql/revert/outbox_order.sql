-- Revert hulei:outbox_order from pg
SET ROLE hulei_owner;
SET search_path = hulei;

DROP INDEX outbox_queued;
CREATE INDEX outbox_unsent ON outbox (topic, key, outbox_id) WHERE state = 'queued';
