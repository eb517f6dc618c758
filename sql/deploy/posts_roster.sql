-- Deploy hulei:posts_roster to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- What the post_roster feed says. Posts are named as posts.yaml names them; a name nobody has is a fault, not a loss.
CREATE TABLE post_roster (
    record_id bigint PRIMARY KEY REFERENCES record ON DELETE CASCADE,
    post_id   text NOT NULL,
    lead_post text,
    said_at   timestamptz NOT NULL,
    part      int NOT NULL,
    off       bigint NOT NULL
);
COMMENT ON TABLE post_roster IS 'One live roster record: a post, who leads it (NULL: as posts.yaml says), and through duty_turn who is on duty.';
CREATE INDEX post_roster_post ON post_roster (post_id);

CREATE TABLE duty_turn (
    record_id bigint NOT NULL REFERENCES post_roster ON DELETE CASCADE,
    line      smallint NOT NULL,
    account   text NOT NULL,
    duty      text NOT NULL CHECK (duty IN ('officer', 'lead', 'reviewer')),
    from_at   timestamptz NOT NULL,
    to_at     timestamptz NOT NULL CHECK (to_at > from_at),
    contact   bytea,
    PRIMARY KEY (record_id, line)
);
COMMENT ON TABLE duty_turn IS 'Who is on duty from from_at until before to_at.';
COMMENT ON COLUMN duty_turn.contact IS 'Telephone for the SMS or voice gateway, sealed under the record''s key, bound to duty_turn/contact/256 * record_id + line.';

-- The post above a post: the newest roster that names a known one, else posts.yaml.
CREATE FUNCTION post_lead(in_post text) RETURNS text
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
RETURN coalesce(
    (SELECT r.lead_post FROM post_roster r JOIN post l ON l.post_id = r.lead_post AND l.active
     WHERE r.post_id = in_post AND r.lead_post <> in_post
     ORDER BY r.said_at DESC, r.part DESC, r.off DESC LIMIT 1),
    (SELECT p.lead_post FROM post p WHERE p.post_id = in_post));

-- Who is on duty at a post, leads last; with what opens the contact. An account that two rosters name counts once.
CREATE FUNCTION duty_at(in_post text, in_at timestamptz)
RETURNS TABLE (account text, duty text, contact bytea, contact_row bigint, data_key_id bigint, wrapped bytea)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    SELECT DISTINCT ON (t.duty = 'lead', t.duty, t.account) t.account, t.duty, t.contact, 256 * t.record_id + t.line,
           k.data_key_id, k.wrapped
    FROM post_roster r
    JOIN duty_turn t USING (record_id)
    JOIN record c USING (record_id)
    LEFT JOIN data_key k USING (data_key_id)
    WHERE r.post_id = in_post AND t.from_at <= in_at AND t.to_at > in_at
    ORDER BY t.duty = 'lead', t.duty, t.account, t.contact IS NULL, r.said_at DESC, r.part DESC, r.off DESC, t.line DESC
$$;
COMMENT ON FUNCTION duty_at IS 'On duty from the beginning of a turn until before its end. Its keys open nothing but contacts of the roster.';

GRANT SELECT, INSERT, DELETE ON post_roster, duty_turn TO hulei_engine;
GRANT SELECT ON post_roster TO hulei_courier;
REVOKE ALL ON FUNCTION post_lead(text), duty_at(text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION post_lead(text), duty_at(text, timestamptz) TO hulei_courier;
