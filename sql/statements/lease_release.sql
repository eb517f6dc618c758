-- Gives the lease up at a clean stop.
UPDATE engine_lease SET owner = NULL, renewed_at = clock_timestamp() WHERE role = $1::text AND fence = $2::bigint
