SELECT 1 / (count(*) = 5)::int FROM pg_roles
WHERE rolname IN ('hulei_owner', 'hulei_engine', 'hulei_courier', 'hulei_console', 'hulei_auditor');
