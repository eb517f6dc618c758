-- The account bound to an OS user.
SELECT account_id, name, locked, 'reviewer' = ANY (roles) FROM account WHERE os_user = $1::text
