SELECT erasure_replay($1::text)
