-- What rule B1 counts, by community.
SELECT area_code, pairs FROM exposure_count
