-- Which version of features is stored, and whether anything is.
SELECT (SELECT version FROM features_state), (SELECT coalesce(next_record, -1) FROM features_state),
       EXISTS (SELECT FROM record WHERE state = 'live')
