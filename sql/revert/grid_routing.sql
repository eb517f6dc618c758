SET ROLE hulei_owner;
SET search_path = hulei;
DROP FUNCTION alerts_without_post(), post_faults(), alert_is_unrouted(pair), alert_posts(pair), pair_routes(pair),
    route_posts(text, text, text, text, text[], text, date), route_area(text, text, date), area_prefix(text);
DROP TABLE rule_view, grid_route;
