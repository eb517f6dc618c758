-- Verify hulei:cards on pg
SELECT mention_id, masked, "full", proof, buckets FROM hulei.card WHERE false;
