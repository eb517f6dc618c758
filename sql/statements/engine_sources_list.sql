-- Every known source.
SELECT source_id, urn FROM source ORDER BY source_id
