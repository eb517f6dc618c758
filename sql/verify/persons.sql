SELECT 1 FROM hulei.person WHERE false;
SELECT 1 FROM hulei.mention WHERE false;
SELECT 1 FROM hulei.person_event WHERE false;
SELECT 1 FROM hulei.identity_decision WHERE false;
SELECT 1 FROM hulei.place WHERE false;
