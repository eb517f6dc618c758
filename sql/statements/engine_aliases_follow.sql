-- Aliases of persons that mentions left: each leads to whoever holds the mention that was its oldest, so that it follows
-- that one when a merge is split again; where it is gone, to the person that took the others.
UPDATE person a SET alias_of = f.leads_to, updated_at = now()
FROM (
    SELECT b.person_id, coalesce(m.person_id, p.alias_of) AS leads_to
    FROM person b JOIN person p ON p.person_id = b.alias_of LEFT JOIN mention m ON m.mention_id = b.anchor
    WHERE b.alias_of = ANY ($1::int8[])
) AS f
WHERE a.person_id = f.person_id AND f.leads_to NOT IN (a.alias_of, a.person_id)
