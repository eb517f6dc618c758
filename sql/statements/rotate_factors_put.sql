UPDATE credential c SET factor_key = n.wrapped FROM unnest($1::bigint[], $2::bytea[]) AS n (account_id, wrapped)
WHERE c.account_id = n.account_id
