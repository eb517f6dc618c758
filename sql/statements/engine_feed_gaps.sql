-- Control totals that do not fit the live records; counts only.
SELECT count(*) FROM feed_coverage() WHERE gap <> 0 OR NOT hash_fits
