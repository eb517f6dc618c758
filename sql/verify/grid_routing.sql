SELECT record_id, grid, area_code, post_id, from_day, to_day FROM hulei.grid_route WHERE false;
SELECT rule, view FROM hulei.rule_view WHERE false;
SELECT 'hulei.route_posts(text, text, text, text, text[], text, date)'::regprocedure, 'hulei.alert_posts(hulei.pair)'::regprocedure;
