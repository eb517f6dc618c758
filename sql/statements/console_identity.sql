-- A human answer on an identity; the function writes answer, edges, audit entry and the engine's command row.
SELECT d.side, d.records, d.edges
FROM identity_decide($1::bigint, $2::bigint, $3::text, $4::text, $5::text, $6::bigint[], $7::text) AS d
