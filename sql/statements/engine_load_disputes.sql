-- Records that an open objection names.
SELECT DISTINCT named_record FROM objection WHERE state = 'open' AND named_record IS NOT NULL
