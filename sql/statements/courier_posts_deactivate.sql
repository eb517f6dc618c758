-- Posts that are not put again in the same transaction stay inactive.
UPDATE post SET active = false WHERE active
