SELECT has_function_privilege('hulei.review_records(bigint)', 'execute');
SELECT has_function_privilege('hulei.review_sheet(bigint, bigint)', 'execute');
