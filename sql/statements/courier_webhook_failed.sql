-- Rows no receiver took; they wait, longer each time.
SELECT webhook_failed($1::bigint[])
