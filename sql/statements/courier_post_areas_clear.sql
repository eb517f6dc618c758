DELETE FROM post_area WHERE post_id = $1::text
