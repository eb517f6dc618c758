-- What would keep an alert from its post: names no post has, areas no police post answers for, alerts without any.
SELECT f.fault, count(*) FROM post_faults() AS f GROUP BY f.fault
UNION ALL
SELECT 'alert_without_post', n FROM alerts_without_post() AS n WHERE n > 0
