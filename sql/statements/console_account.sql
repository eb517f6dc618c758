-- The account bound to an OS user.
SELECT account_id, name, locked, roles && ARRAY['reviewer', 'second_reviewer'] FROM account WHERE os_user = $1::text
