-- Roles stay: other databases of the cluster may use them.
DROP SCHEMA IF EXISTS hulei CASCADE;
