-- Answers by verdict.
SELECT verdict, count(*) FROM ack GROUP BY verdict ORDER BY verdict
