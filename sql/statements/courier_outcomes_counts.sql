-- What came of alerts, by code: wrong_person and wrong_address are the false links that posts found.
SELECT outcome_code, count(*) FROM delivery WHERE outcome_code IS NOT NULL GROUP BY outcome_code ORDER BY outcome_code
