SELECT canary_put($1::text, $2::smallint, $3::text)
