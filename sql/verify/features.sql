-- Verify hulei:features on pg
SELECT is_only, version, next_record, changed_at FROM hulei.features_state WHERE false;
