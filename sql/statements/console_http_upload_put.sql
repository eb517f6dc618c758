SELECT upload_put($1::text, $2::text, $3::int[], $4::bigint[], $5::bytea[], $6::text[], $7::bytea[], $8::int)
