-- What a calendar, grid, roster or control record said before; its new version's rows follow.
WITH gone (record_id) AS (SELECT * FROM unnest($1::int8[])),
     calendar AS (DELETE FROM calendar_span t USING gone WHERE t.record_id = gone.record_id),
     grid AS (DELETE FROM grid_route t USING gone WHERE t.record_id = gone.record_id),
     roster AS (DELETE FROM post_roster t USING gone WHERE t.record_id = gone.record_id)
DELETE FROM feed_promise t USING gone WHERE t.record_id = gone.record_id
