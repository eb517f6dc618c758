-- Revert hulei:features from pg
DROP TABLE hulei.features_state;
