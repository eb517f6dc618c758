-- Verify hulei:escalation on pg
SELECT 'hulei.escalate_due(int)'::regprocedure, 'hulei.delivery_next'::regclass;
SELECT step, repeats, repeated_at, next_at FROM hulei.delivery WHERE false;
SELECT repeat FROM hulei.outbox WHERE false;
SELECT 1 / count(*) FROM hulei.escalation_step;
SELECT 1 / count(*) FROM hulei.delivery_deadline;
