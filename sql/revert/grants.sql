SET ROLE hulei_owner;
REVOKE ALL ON ALL TABLES IN SCHEMA hulei FROM hulei_engine, hulei_courier, hulei_console, hulei_auditor;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA hulei FROM hulei_engine, hulei_courier, hulei_console, hulei_auditor;
