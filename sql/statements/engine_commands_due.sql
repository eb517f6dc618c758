-- Whether a command waits; asked once per second when nothing flows.
SELECT EXISTS (SELECT FROM command WHERE applied_at IS NULL)
