UPDATE erasure SET ledgered_at = clock() WHERE erasure_id = ANY ($1::int8[])
