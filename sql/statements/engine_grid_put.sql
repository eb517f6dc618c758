INSERT INTO grid_route (record_id, grid, area_code, post_id, from_day, to_day)
SELECT n.record_id, n.grid, n.area_code, n.post_id, date '1970-01-01' + n.from_day, date '1970-01-01' + n.to_day
FROM unnest($1::int8[], $2::text[], $3::text[], $4::text[], $5::int4[], $6::int4[])
     AS n (record_id, grid, area_code, post_id, from_day, to_day)
