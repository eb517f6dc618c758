-- How many records each source may withdraw now; NULL: as many as it likes.
SELECT n.source_id, withdrawals_left(n.source_id) FROM unnest($1::int2[]) AS n (source_id)
