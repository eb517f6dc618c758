UPDATE data_key k SET wrapped = n.wrapped FROM unnest($1::bigint[], $2::bytea[]) AS n (data_key_id, wrapped)
WHERE k.data_key_id = n.data_key_id
