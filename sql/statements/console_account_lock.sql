UPDATE account SET locked = $2::boolean WHERE name = $1::text RETURNING account_id
