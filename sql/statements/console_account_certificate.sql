-- No row: the account has no password yet, or is not there.
UPDATE credential c SET certificate = $2::bytea FROM account a
WHERE a.account_id = c.account_id AND a.name = $1::text RETURNING c.account_id
