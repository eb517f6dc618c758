// Invented answers of the console's API, held to its types by the compiler: what the pages are shown with when the test
// is of the pages alone. Nobody in here exists.
import type { components } from "../../daemon/console/web/src/generated/api";

type Schemas = components["schemas"];

const OPENED = "2026-03-02T08:00:00+08:00";
const DUE = "2026-03-02T09:00:00+08:00";
const CSRF = "0".repeat(64);
const ALERT = `al-${"7".repeat(32)}`;

export const NOW = "2026-03-02T08:20:00+08:00";

export function me(role: Schemas["Role"]): Schemas["Me"] {
  return {
    account: "li.demo",
    roles: [role],
    areas: ["500111"],
    posts: ["pcs-dz"],
    department: role === "operator" ? "civil-affairs" : null,
    csrf: CSRF,
    password_due: false,
    looks: { used: 3, limit: 30 },
    idle_s: 900,
    ends_at: "2026-03-02T18:00:00+08:00",
    now: NOW,
  };
}

export function taskRow(index: number): Schemas["TaskRow"] {
  const tier = ((index % 4) + 1) as 1 | 2 | 3 | 4;
  return {
    task: `rt-${index.toString(16).padStart(16, "0")}`,
    kind: index % 9 === 8 ? "identity" : "pair",
    state: "open",
    tier,
    due: DUE,
    opened: OPENED,
    overdue: false,
    claimed_by: index % 5 === 0 ? "wang.demo" : null,
    mine: false,
    identity: "",
    pair: `pr-${index.toString(16).padStart(16, "0")}`,
    subject: "child",
    version: 2,
    pair_state: "in_review",
    rule: ["R1", "O1", "Y1", "B3"][tier - 1] ?? "R1",
    reasons: ["SAME_DWELLING", "UNDER_14", "ID_STRONG_BOTH"],
    area: "500111001003",
    sign_due: null,
  };
}

/** `total` tasks, keyset paged by the row's index. */
export function taskPage(total: number, after: string | null, limit: number): Schemas["TaskPage"] {
  const begin = after === null ? 0 : Number(after);
  const end = Math.min(total, begin + limit);
  return { items: Array.from({ length: end - begin }, (_, at) => taskRow(begin + at)), next: end < total ? String(end) : null };
}

export const counts: Schemas["TaskCounts"] = {
  now: NOW,
  items: [1, 2, 3, 4].map((tier) => ({ kind: "pair", tier, open: 2500, overdue: 1, mine: 0, unclaimed: 0, sign: 0 })),
};

function record(ref: number, name: string, department: string, type: string): Schemas["SheetRecord"] {
  return {
    ref,
    record: ref,
    department,
    type,
    role: "own",
    as_of: "2026-02-20T00:00:00+08:00",
    name,
    birth_year: "2014",
    sex: "female",
    number: "valid",
    addresses: [{ address: "演示街道1号2单元301", kind: "living", as_of: "2026-02-20" }],
    closest: {
      ref: ref + 1,
      number: "equal",
      birth: "slipped",
      name: "equal",
      phone: true,
      household: true,
      bits: 24.5,
      waterfall: [
        { part: "number_birth_sex", level: "birth_slipped", bits: -1.5 },
        { part: "name", level: "equal", bits: 14 },
        { part: "address", level: "dwelling", bits: 12 },
      ],
    },
  };
}

export const sheet: Schemas["Sheet"] = {
  task: "rt-0000000000000000",
  kind: "pair",
  task_state: "open",
  due: DUE,
  identity: "",
  tier: 1,
  pair: "pr-0000000000000000",
  version: 2,
  state: "in_review",
  rule: "R1",
  policy: "2026-02-20.3",
  reasons: ["SAME_DWELLING", "UNDER_14"],
  evidence: { child_age_years: 11, vulnerable: true, class: "A", certainty: "likely", relation: "dwelling", precision: "room" },
  child: { grade: "confirmed", seen: "ab12", records: [record(1, "测试女童", "civil-affairs", "child"), record(2, "测试女童", "education", "enrolment")] },
  risk: { grade: "strong", seen: "cd34", records: [record(3, "测试对象", "judicial", "risk")] },
};

const message: Schemas["AlertData"] = {
  status: "actual",
  msg: "alert",
  scope: "restricted",
  tier: 1,
  colour: "red",
  rule: { id: "R1", policy: "2026-02-20.3" },
  why: ["SAME_DWELLING"],
  view: "police",
  child: { p: "c-5e00", age: "10-13", vuln: 1 },
  risk: { p: "r-c200", class: "A" },
  act: ["VISIT_RISK", "CONFIRM_ADDR"],
  ack_by: DUE,
  provisional: true,
};

export const inboxRow: Schemas["InboxRow"] = {
  alert: ALERT,
  post: "pcs-dz",
  view: "police",
  tier: 1,
  msg: "alert",
  state: "sent",
  outcome: null,
  created: OPENED,
  ack_by: DUE,
  act_by: "2026-03-03T08:00:00+08:00",
  overdue: false,
  provisional: true,
  emergency: false,
  actions: ["VISIT_RISK", "CONFIRM_ADDR"],
};

export const inboxPath = `/inbox/${ALERT}/pcs-dz`;
export const inboxPage: Schemas["InboxPage"] = { items: [inboxRow], next: null, unacknowledged_red: 1 };
export const inboxItem: Schemas["InboxItem"] = { row: inboxRow, message, answers: [{ state: "acked", outcome: null, at: NOW, who: "zhao.demo", verdict: "accepted" }] };

export const history: Schemas["History"] = {
  pair: [{ version: 1, event: "open", from: "candidate", to: "in_review", actor: "engine", at: OPENED, policy: "2026-02-20.3" }],
  decisions: [{ version: 2, verdict: "needs_info", reason: "NEEDS_ADDRESS", who: "wang.demo", at: NOW }],
  records: [{ side: "child", record: 1, department: "civil-affairs", source: "urn:hulei:dz:civil-affairs:child-register", type: "child", state: "live", true_at: OPENED, stored_at: OPENED }],
};

export const map: Schemas["TaskMap"] = {
  rings_m: [200, 500, 1000],
  distance_m: 120,
  ground: {
    type: "FeatureCollection",
    features: [
      { type: "Feature", properties: { kind: "community", name: "双南路社区" }, geometry: { type: "Polygon", coordinates: [[[105.71, 29.69], [105.73, 29.69], [105.73, 29.71], [105.71, 29.69]]] } },
      { type: "Feature", properties: { kind: "road", name: "双南路" }, geometry: { type: "LineString", coordinates: [[105.715, 29.7], [105.725, 29.7]] } },
    ],
  },
  points: [
    { side: "child", kind: "living", lon: 105.72, lat: 29.7, radius_m: 10, precision: "building", as_of: "2026-02-20" },
    { side: "risk", kind: "living", lon: 105.721, lat: 29.7005, radius_m: 60, precision: "street", as_of: null },
  ],
};

export const views: Schemas["ViewPreviews"] = { items: [{ post: "pcs-dz", view: "police", message }] };

export const decided: Schemas["Decided"] = { task: sheet.task, pair: "pr-0000000000000000", version: 3, state: "accepted", undo_until: "2026-03-02T08:21:00+08:00", sign_due: "2026-03-02T12:20:00+08:00" };

export const overview: Schemas["Overview"] = {
  now: NOW,
  tiles: { tasks_open: 42, tasks_overdue: null, unacknowledged: 7, expiry_debt: 0 },
  queue_age: [{ tier: 1, hours: "0-1", count: 6 }, { tier: 2, hours: "4-24", count: 17 }],
  deadlines: [{ week: "2026-02-23", what: "review", met: 31, missed: null }, { week: "2026-02-23", what: "ack", met: 28, missed: 5 }],
  precision: [{ rule: "R1", accepted: 12, reviewed: 14 }, { rule: "Y1", accepted: 20, reviewed: 41 }],
  alerts: [{ week: "2026-02-23", post: "pcs-dz", tier: 1, count: 6 }, { week: "2026-02-23", post: "sfs-dz", tier: 1, count: 6 }],
  address_health: [{ precision: "building", count: 910 }, { precision: "street", count: 61 }],
  coverage: [{ source: "urn:hulei:dz:civil-affairs:child-register", type: "child", held: 300, control: 303 }],
  feeds_silent: [{ source: "urn:hulei:dz:education:school-roll", last_at: OPENED, silent: true }],
};

const day: Schemas["FeedCounts"] = { accepted: 120, unchanged: 4, superseded: 2, refused: 3 };
export const feeds: Schemas["Feeds"] = {
  items: [{ source: "urn:hulei:dz:civil-affairs:child-register", topic: "hulei.feed.civil-affairs.child-register", department: "civil-affairs", last_at: OPENED, silent: false, today: day, week: day, control: [{ type: "child", held: 300, control: 303, at: OPENED }] }],
};
export const refusals: Schemas["Refusals"] = { items: [{ source: null, topic: "hulei.feed.civil-affairs.child-register", code: "bad_field", field: "person.birth_date", rule: "date", count: 3, last_at: NOW }] };
export const receipts: Schemas["ReceiptPage"] = { next: null, items: [{ receipt: 9, topic: "hulei.receipt.civil-affairs", at: NOW, sent: true, results: [{ id: "x-1", outcome: "accepted" }] }] };
export const feedTypes: Schemas["FeedTypes"] = { topic: "hulei.feed.civil-affairs.console", source: "urn:hulei:dz:civil-affairs:console", items: [{ type: "child" }] };
export const feedUploads: Schemas["FeedUploads"] = {
  items: [{ upload: "u-1", department: "civil-affairs", type: "child", by: "li.demo", at: NOW, lines: 3, waiting: 0, accepted: 2, unchanged: 0, superseded: 0, refused: 1, refusals: [{ row: 4, code: "bad_date", field: "data.person.birth_date", rule: "date" }] }],
};
export const feedOutcomes: Schemas["FeedOutcomes"] = { accepted: 1, refused: 1, items: [{ row: 2, outcome: "accepted" }, { row: 3, outcome: "refused", code: "bad_field", field: "person.name", rule: "required" }] };

export const chain: Schemas["Chain"] = { sound: true, lanes: [{ lane: "engine", head: 912, hash: "ab".repeat(32), fault: null, fault_at: null }] };
export const audit: Schemas["AuditPage"] = { next: null, items: [{ lane: "console-1", seq: 4, at: NOW, actor: "li.demo", role: "reviewer", action: "review_look", purpose: "review", subject: "ab".repeat(16), alert: null, detail: {} }] };

export const users: Schemas["Users"] = {
  items: [{ name: "li.demo", roles: ["reviewer"], areas: ["500111"], posts: [], department: null, locked: false, locked_until: null, has_password: true, has_factor: true, needs_certificate: false, last_sign_in: OPENED }],
};
export const grants: Schemas["Grants"] = { items: [{ grant: `gr-${"1".repeat(16)}`, name: "li.demo", roles: ["second_reviewer"], areas: [], posts: [], department: null, asked_by: "admin.demo", asked_at: NOW, state: "waiting", decided_by: null }] };
export const alarms: Schemas["Alarms"] = { items: [{ at: NOW, rule: "quota", actor: "li.demo", detail: {} }] };
export const looks: Schemas["LookRequests"] = { items: [{ look: `lk-${"1".repeat(16)}`, task: sheet.task, alert: null, side: "child", purpose: "visit", asked_by: "zhao.demo", asked_at: NOW, state: "waiting", decided_by: null, mine: false }] };
export const looked: Schemas["Looked"] = { side: "child", looks: { used: 4, limit: 30 }, records: [{ department: "civil-affairs", type: "child", as_of: OPENED, name: "测试女童", birth_date: "2014-05-06", addresses: [] }] };
export const hits: Schemas["SearchHits"] = { items: [{ name: "测*童", side: "child", tasks: [sheet.task], alerts: [] }] };
export const identityAnswer: Schemas["IdentityAnswer"] = { task: sheet.task, verdict: "same", side: "child", records: 2 };
export const answered: Schemas["Answered"] = { verdict: "accepted", state: "acked", reopened: false, rerouted: false };
