-- Links that posts met in the flesh, those found wrong, and the upper 95 % bound of their share in millionths.
SELECT checked, wrong, round(1000000 * upper)::bigint FROM false_links()
