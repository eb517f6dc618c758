-- The broker has deleted up to here; asking twice changes nothing.
UPDATE feed_erasure SET erased_to = greatest(erased_to, $3::bigint) WHERE topic = $1::text AND part = $2::int
