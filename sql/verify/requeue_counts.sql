SELECT 1 / count(*)::int FROM pg_constraint
WHERE conrelid = 'hulei.feed_counter'::regclass AND pg_get_constraintdef(oid) = 'CHECK ((n >= 0))';
