SET ROLE hulei_owner;
DROP TABLE hulei.place;
DROP TABLE hulei.identity_decision;
DROP TABLE hulei.person_event;
DROP TABLE hulei.mention;
DROP TABLE hulei.person;
