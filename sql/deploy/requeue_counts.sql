-- Deploy hulei:requeue_counts to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- A requeued message counts as what becomes of it: its refusal leaves the totals, which may fall to zero.
ALTER TABLE feed_counter DROP CONSTRAINT feed_counter_n_check, ADD CONSTRAINT feed_counter_n_check CHECK (n >= 0);
