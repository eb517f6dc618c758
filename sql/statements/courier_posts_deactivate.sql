-- Posts that posts.yaml no longer names.
UPDATE post SET active = false WHERE active AND post_id <> ALL ($1::text[])
