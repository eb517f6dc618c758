-- Revert hulei:rotation from pg
DROP TRIGGER credential_retired ON hulei.credential;
DROP TRIGGER data_key_retired_insert ON hulei.data_key;
DROP TRIGGER data_key_retired_update ON hulei.data_key;
DROP FUNCTION hulei.factor_refuse_retired, hulei.kek_refuse_retired, hulei.kek_of;
DROP TABLE hulei.kek_retired;
