-- What rule B1 counts on day $3 (since 1970), in place of what it counted before. The row without area: nothing may be
-- counted.
SELECT counted_put($1::text[], $2::int8[], '1970-01-01'::date + $3::int)
