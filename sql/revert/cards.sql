-- Revert hulei:cards from pg
DROP TABLE hulei.card;
