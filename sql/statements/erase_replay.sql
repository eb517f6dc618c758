SELECT erasure_replay($1::text, $2::int8[])
