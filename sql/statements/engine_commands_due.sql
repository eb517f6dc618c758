-- Whether a command waits, or a record that is to be forgotten; asked once per second when nothing flows.
SELECT EXISTS (SELECT FROM command WHERE applied_at IS NULL) OR EXISTS (SELECT FROM erasure WHERE done_at IS NULL)
