SELECT upload_put($1::text, $2::text, $3::int, $4::int[], $5::bigint[], $6::bytea[], $7::text[], $8::bytea[], $9::int)
