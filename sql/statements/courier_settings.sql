-- Times that an operator or a test set, in seconds: sla.<police|others|act>.<tier>.
SELECT name, value FROM setting WHERE name LIKE 'sla.%'
