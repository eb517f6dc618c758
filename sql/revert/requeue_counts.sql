SET ROLE hulei_owner;
DELETE FROM hulei.feed_counter WHERE n = 0;
ALTER TABLE hulei.feed_counter DROP CONSTRAINT feed_counter_n_check, ADD CONSTRAINT feed_counter_n_check CHECK (n > 0);
