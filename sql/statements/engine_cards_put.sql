-- Cards of person blocks, written anew with their records.
INSERT INTO card (mention_id, masked, "full", proof, places, buckets)
SELECT n.mention_id, n.masked, n."full", n.proof, n.places, n.buckets::int4[]
FROM unnest($1::int8[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[], $6::text[])
    AS n (mention_id, masked, "full", proof, places, buckets)
ON CONFLICT (mention_id) DO UPDATE
SET masked = excluded.masked, "full" = excluded."full", proof = excluded.proof, places = excluded.places,
    buckets = excluded.buckets
