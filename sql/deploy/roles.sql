-- Deploy hulei:roles to pg
-- Run by a superuser; everything after it by hulei_owner.

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['hulei_owner', 'hulei_engine', 'hulei_courier', 'hulei_console', 'hulei_auditor'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', name);
        END IF;
    END LOOP;
    ALTER ROLE hulei_owner NOLOGIN; -- a superuser sets this role; nobody signs in as it
END
$$;

CREATE SCHEMA IF NOT EXISTS hulei AUTHORIZATION hulei_owner;
REVOKE ALL ON SCHEMA hulei FROM PUBLIC;
GRANT USAGE ON SCHEMA hulei TO hulei_engine, hulei_courier, hulei_console, hulei_auditor;
