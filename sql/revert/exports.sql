-- Revert hulei:exports from pg
SET search_path = hulei;
DROP FUNCTION office_export, export_rows, export_cell, export_columns;
DROP TABLE export;
DELETE FROM retention WHERE what = 'export';
DELETE FROM setting WHERE name IN ('export_quota', 'export_rows');
