-- Verify hulei:cards on pg
SELECT mention_id, masked, "full", proof, places, buckets FROM hulei.card WHERE false;
