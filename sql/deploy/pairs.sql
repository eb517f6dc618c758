-- Deploy hulei:pairs to pg
SET ROLE hulei_owner;
SET search_path = hulei;

CREATE TABLE account (
    account_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64),
    os_user    text UNIQUE CHECK (os_user <> 'root'),
    roles      text[] NOT NULL CHECK (roles <@ ARRAY['reviewer', 'second_reviewer', 'post_officer', 'post_lead',
                                                     'operator', 'auditor']),
    locked     boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE account IS 'Named humans; only an unlocked reviewer decides, never root.';
COMMENT ON COLUMN account.os_user IS 'The console learns it from the socket (SO_PEERCRED); NULL: signs in otherwise.';

-- Who may decide is itself on record, whatever way the table was changed.
CREATE FUNCTION account_audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    subject account := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    PERFORM audit_append(CASE session_user WHEN 'hulei_console' THEN 'console' ELSE 'admin' END, session_user::text, 'admin', 'account_' || lower(TG_OP), NULL, NULL, NULL,
                         jsonb_build_object('account', subject.name, 'os_user', subject.os_user,
                                            'roles', to_jsonb(subject.roles), 'locked', subject.locked));
    RETURN NULL;
END
$$;

-- The named human behind an act, who must be of one of the roles it asks for.
CREATE FUNCTION account_with_role(in_account bigint, in_roles text[]) RETURNS account
LANGUAGE plpgsql STABLE
SET search_path = hulei, pg_temp
AS $$
DECLARE
    who account;
BEGIN
    SELECT * INTO who FROM account WHERE account_id = in_account AND NOT locked AND roles && in_roles;
    IF who.account_id IS NULL THEN
        RAISE EXCEPTION 'that needs an unlocked account with one of the roles %', in_roles USING ERRCODE = 'HL003';
    END IF;
    RETURN who;
END
$$;

CREATE TRIGGER account_changed AFTER INSERT OR UPDATE OR DELETE ON account
    FOR EACH ROW EXECUTE FUNCTION account_audit();

-- Areas as all their prefixes, so that one comparison of arrays says whether an account works there; * is everywhere.
CREATE FUNCTION area_prefixes(in_evidence jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE
SET search_path = hulei, pg_temp
AS $$
    SELECT ARRAY['*'] || coalesce(array_agg(DISTINCT left(a, n)), '{}')
    FROM jsonb_array_elements_text(CASE jsonb_typeof(in_evidence->'areas') WHEN 'array' THEN in_evidence->'areas'
                                                                        ELSE '[]' END) AS a,
         generate_series(2, 12) AS n
    WHERE length(a) >= n
$$;

CREATE TABLE pair (
    pair_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id      text NOT NULL UNIQUE DEFAULT 'pr-' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 16),
    subject        text NOT NULL DEFAULT 'child' CHECK (subject IN ('child', 'unit', 'person', 'group')),
    child_person   bigint REFERENCES person,
    unit_key       bigint,
    subject_id     bigint NOT NULL GENERATED ALWAYS AS (coalesce(child_person, unit_key, 0)) STORED,
    risk_person    bigint NOT NULL REFERENCES person,
    state          text NOT NULL CHECK (state IN ('candidate', 'in_review', 'needs_info', 'accepted', 'rejected',
                                                  'disputed', 'closed', 'retracted', 'expired')),
    version        int NOT NULL DEFAULT 0,
    tier           smallint NOT NULL CHECK (tier BETWEEN 1 AND 4),
    rule           text NOT NULL,
    reasons        text[] NOT NULL,
    evidence       jsonb NOT NULL,
    evidence_hash  bytea NOT NULL CHECK (length(evidence_hash) = 16),
    policy_version text NOT NULL,
    completed_at   timestamptz NOT NULL,
    opened_at      timestamptz NOT NULL DEFAULT clock(),
    updated_at     timestamptz NOT NULL DEFAULT clock(),
    areas          text[] NOT NULL GENERATED ALWAYS AS (area_prefixes(evidence)) STORED,
    resume_state   text CHECK ((state = 'disputed') = (resume_state IS NOT NULL)),
    rereview_at    timestamptz CHECK (rereview_at IS NULL OR state IN ('accepted', 'closed', 'disputed')),
    UNIQUE (subject, subject_id, risk_person),
    CHECK ((subject = 'child') = (child_person IS NOT NULL)),
    CHECK ((subject = 'unit') = (unit_key IS NOT NULL))
);
COMMENT ON TABLE pair IS 'What a rule ties to a person of concern, most often a child at risk; state changes only through pair_event().';
COMMENT ON COLUMN pair.subject IS 'child: the child named; unit: a place of work with minors; person: nobody else; group: the children around.';
COMMENT ON COLUMN pair.unit_key IS 'Keyed hash of the number of the school or other unit.';
COMMENT ON COLUMN pair.subject_id IS 'The child, the unit, or 0: with subject and risk_person the name of the pair.';
COMMENT ON COLUMN pair.tier IS '1 red, 2 orange, 3 yellow, 4 blue.';
COMMENT ON COLUMN pair.evidence IS 'Codes, bands, precision, grades, record numbers; nothing personal.';
COMMENT ON COLUMN pair.areas IS 'Every prefix of the codes in evidence.areas, and *; compared with the areas of an account.';
COMMENT ON COLUMN pair.completed_at IS 'Kafka append time of the record that completed the pair: deadlines count from here.';
COMMENT ON COLUMN pair.resume_state IS 'Where a disputed pair goes when the objection is rejected.';
COMMENT ON COLUMN pair.rereview_at IS 'When what was accepted is looked at again though nothing changed.';
CREATE INDEX pair_rereview ON pair (rereview_at) WHERE rereview_at IS NOT NULL;
CREATE INDEX pair_child ON pair (child_person);
CREATE INDEX pair_risk ON pair (risk_person);

CREATE TABLE pair_log (
    pair_id        bigint NOT NULL REFERENCES pair ON DELETE CASCADE,
    version        int NOT NULL,
    event          text NOT NULL,
    from_state     text NOT NULL,
    to_state       text NOT NULL,
    actor          text NOT NULL,
    at             timestamptz NOT NULL DEFAULT clock(),
    policy_version text NOT NULL,
    detail         jsonb NOT NULL,
    PRIMARY KEY (pair_id, version)
);
COMMENT ON TABLE pair_log IS 'Every step in the life of a pair.';

CREATE TABLE pair_rejection (
    subject       text NOT NULL,
    subject_id    bigint NOT NULL,
    risk_person   bigint NOT NULL,
    evidence_hash bytea NOT NULL,
    PRIMARY KEY (subject, subject_id, risk_person, evidence_hash)
);
COMMENT ON TABLE pair_rejection IS 'Evidence a reviewer rejected: the same evidence never asks twice.';

CREATE TABLE review_task (
    task_id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id        text NOT NULL UNIQUE DEFAULT 'rt-' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 16),
    kind             text NOT NULL CHECK (kind IN ('pair', 'identity', 'ask_owner', 'sign')),
    pair_id          bigint REFERENCES pair ON DELETE CASCADE,
    tier             smallint CHECK (tier BETWEEN 1 AND 4),
    state            text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'cancelled')),
    due_at           timestamptz,
    step             int NOT NULL DEFAULT 0,
    step_at          timestamptz,
    opened_at        timestamptz NOT NULL DEFAULT clock(),
    closed_at        timestamptz,
    assigned_account bigint REFERENCES account,
    areas            text[] NOT NULL DEFAULT '{*}',
    detail           jsonb NOT NULL DEFAULT '{}',
    CHECK ((state = 'open') = (closed_at IS NULL)),
    CHECK (kind <> 'pair' OR pair_id IS NOT NULL)
);
COMMENT ON TABLE review_task IS 'What waits for a human; at most one open task per pair.';
CREATE UNIQUE INDEX review_task_open_pair ON review_task (pair_id) WHERE state = 'open';
COMMENT ON COLUMN review_task.due_at IS 'By the database clock; NULL: no deadline.';
COMMENT ON COLUMN review_task.step IS 'Highest step of escalation taken for want of a decision.';
COMMENT ON COLUMN review_task.step_at IS 'When to look for the next step; NULL: when it is due.';
CREATE INDEX review_task_due ON review_task ((coalesce(step_at, due_at))) WHERE state = 'open';
CREATE INDEX review_task_pair ON review_task (pair_id);

CREATE TABLE decision (
    decision_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    task_id      bigint REFERENCES review_task ON DELETE SET NULL,
    pair_id      bigint NOT NULL REFERENCES pair,
    pair_version int NOT NULL,
    verdict      text NOT NULL CHECK (verdict IN ('accept', 'reject', 'needs_info', 'unsure', 'undo', 'sign',
                                                    'refuse_sign')),
    reason_code  text NOT NULL,
    account_id   bigint NOT NULL REFERENCES account,
    decided_at   timestamptz NOT NULL DEFAULT clock(),
    UNIQUE (pair_id, pair_version),
    UNIQUE (decision_id, pair_id)
);
COMMENT ON TABLE decision IS 'A named human''s verdict on one version of a pair.';

CREATE TABLE command (
    command_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       text NOT NULL CHECK (kind IN ('pair_decided', 'identity_decided', 'requeue', 'erase', 'policy_activate',
                                             'open_counted', 'dispute_changed', 'undo')),
    payload    jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock(),
    created_by text NOT NULL,
    applied_at timestamptz
);
COMMENT ON TABLE command IS 'The engine''s second, ordered input: what people decided.';
CREATE INDEX command_pending ON command (command_id) WHERE applied_at IS NULL;

-- Tells the engine, with a wake-up that may be lost.
CREATE FUNCTION command_put(in_kind text, in_payload jsonb, in_by text) RETURNS bigint
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    put bigint;
BEGIN
    INSERT INTO command (kind, payload, created_by) VALUES (in_kind, in_payload, in_by) RETURNING command_id INTO put;
    PERFORM pg_notify('hulei_command', '');
    RETURN put;
END
$$;

-- A message that was requeued and not parked again is a record now: its sealed copy goes.
CREATE FUNCTION command_forget_requeued() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    UPDATE parked SET body = NULL, data_key_id = NULL
    WHERE parked_id = (NEW.payload->>'parked_id')::bigint AND state = 'requeued';
    RETURN NULL;
END
$$;
CREATE TRIGGER command_requeue_applied AFTER UPDATE ON command
    FOR EACH ROW WHEN (NEW.kind = 'requeue' AND OLD.applied_at IS NULL AND NEW.applied_at IS NOT NULL)
    EXECUTE FUNCTION command_forget_requeued();

REVOKE ALL ON FUNCTION account_with_role(bigint, text[]), command_put(text, jsonb, text) FROM PUBLIC;
