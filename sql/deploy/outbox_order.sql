-- Deploy hulei:outbox_order to pg
SET ROLE hulei_owner;
SET search_path = hulei;

DROP INDEX outbox_unsent;
CREATE INDEX outbox_queued ON outbox (outbox_id) WHERE state = 'queued';
COMMENT ON INDEX outbox_queued IS 'The courier''s way through what is unsent, oldest first, however much was sent before.';
