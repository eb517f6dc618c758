SELECT search_found($1::bigint[], $2::bytea[])
