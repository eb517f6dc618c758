"""DOMAIN.md E.4 worked out a second time, without the database's functions: when each delivery is to be reminded, handed
up and put before a human, on a clock that jumps; and a comparison with what a run left in the tables.

Times are naive datetimes of China Standard Time. Knows nothing of how the courier works."""
import collections
import datetime

from stack import check, sql

MINUTE, DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)
OPENS, CLOSES = 9, 17
NEVER = datetime.datetime(9000, 1, 1)
ALERTS = ("alert", "update")

# The table. clock: round the clock; minute, office, day: as working time has it.
E4 = {
    "emergency": {"ack": {"police": (3, "clock"), "others": (15, "clock")}, "repeat": (3, "clock"), "act": (0, "clock"),
                  "outcome": (3 * 1440, "clock"), "steps": [(6, "clock"), (15, "clock")]},
    "red": {"ack": {"police": (15, "clock"), "others": (60, "clock")}, "repeat": (15, "clock"), "act": (24 * 60, "clock"),
            "outcome": (7 * 1440, "clock"), "steps": [(30, "clock"), (120, "clock"), (240, "clock")]},
    "orange": {"ack": {"police": (240, "minute"), "others": (480, "office")}, "repeat": (240, "minute"), "act": (3, "day"),
               "outcome": (15, "day"), "steps": [(480, "minute"), (1440, "minute")]},
    "yellow": {"ack": {"police": (1, "day"), "others": (1, "day")}, "repeat": (1, "day"), "act": (10, "day"),
               "outcome": (30, "day"), "steps": [(2, "day")]},
}
COLOURS = {1: "red", 2: "orange", 3: "yellow"}
# The last level is a human's queue; E.4 names no time for it, the shipped table does.
HUMAN = {"emergency": (20, "clock"), "red": (300, "clock"), "orange": (1920, "minute"), "yellow": (3, "day")}


class Calendar:
    """Working time, by the shipped days and the week."""

    def __init__(self):
        self.days = {datetime.date.fromisoformat(day): is_working == "t"
                     for day, is_working in sql("SELECT day, is_working FROM calendar_day")}

    def is_worked(self, day):
        return self.days.get(day, day.weekday() < 5)

    def next_worked(self, day):
        day += DAY
        while not self.is_worked(day):
            day += DAY
        return day

    def add(self, start, span):
        amount, unit = span
        if unit == "clock":
            return start + amount * MINUTE
        if unit == "day":
            day = start
            if not self.is_worked(day.date()):
                day = datetime.datetime.combine(self.next_worked(day.date()), datetime.time(OPENS))
            for _ in range(amount):
                day = datetime.datetime.combine(self.next_worked(day.date()), day.time())
            return day
        return self.add_minutes(start, amount * MINUTE, unit)

    def add_minutes(self, start, left, unit):
        day = start.date() if self.is_worked(start.date()) else self.next_worked(start.date())
        while True:
            midnight = datetime.datetime.combine(day, datetime.time())
            opens = midnight + datetime.timedelta(hours=OPENS if unit == "office" else 0)
            closes = midnight + datetime.timedelta(hours=CLOSES if unit == "office" else 24)
            begin = max(start, opens)
            if begin <= closes and begin + left <= closes:
                return begin + left
            left -= max(closes - begin, datetime.timedelta())
            day = self.next_worked(day)


class Timeline:
    """The clock of a run: stretches it went through, each with the moment by which what the jump made due was done."""

    def __init__(self, slack_seconds):
        self.slack = datetime.timedelta(seconds=slack_seconds)
        self.stretches = []  # [start, quiet, end]

    def begin(self, now):
        self.stretches.append([now, now, NEVER])

    def quiet(self, now):
        self.stretches[-1][1] = now

    def end(self, now):
        self.stretches[-1][2] = now

    @property
    def last(self):
        return self.stretches[-1][2]

    def latest(self, due):
        """When what is due then must have been done; NEVER when the clock did not come so far."""
        for start, quiet, end in self.stretches:
            if due <= end:
                return max(due, quiet if due <= quiet else start) + self.slack
        return NEVER


class Delivery:
    """One alert at one post, as the tables have it."""

    def __init__(self, row):
        (self.alert, self.post, view, self.state, self.message, tier, is_emergency, begun, sent, acked, ack_by, act_by,
         overdue, succeeded, self.pair_state) = row
        self.colour = "emergency" if is_emergency == "t" and tier == "1" else COLOURS[int(tier)]
        self.table = E4[self.colour]
        self.is_office = view == "office"
        self.reader = "police" if view == "police" else "others"
        self.begun, self.sent, self.acked, self.ack_by, self.act_by, self.succeeded = map(
            moment, (begun, sent, acked, ack_by, act_by, succeeded))
        self.overdue = set(filter(None, overdue.split(",")))
        self.steps = {}  # step: (post, at)
        self.reminders = []
        self.drawn_in = NEVER

    @property
    def name(self):
        return f"{self.alert} at {self.post} ({self.colour}, {self.message})"

    def is_answered(self):
        return self.state in (("closed", "cannot") if self.message == "cancel" else ("acked", "acting", "closed", "cannot"))


def moment(text):
    return datetime.datetime.fromisoformat(text) if text else None


def local(column):
    return f"to_char({column} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS.US')"


def load():
    """{(alert, post): Delivery} of all messages of alerts."""
    rows = sql(f"""
SELECT d.alert_id, d.post_id, t.view, d.state, a.msg, a.tier, a.is_emergency,
       {local("coalesce(d.sent_at, (SELECT min(o.not_before) FROM outbox o WHERE (o.alert_id, o.post_id) = (d.alert_id, d.post_id)))")},
       {local('d.sent_at')}, {local('d.acked_at')}, {local('d.ack_by')}, {local('d.act_by')}, array_to_string(d.overdue, ','),
       (SELECT {local('min(x.queued_at)')} FROM alert u JOIN delivery x ON (x.alert_id, x.post_id) = (u.alert_id, d.post_id)
        WHERE u.pair_id = a.pair_id AND d.alert_id = ANY (u.refs)), p.state
FROM delivery d JOIN alert a USING (alert_id) JOIN post t USING (post_id) LEFT JOIN pair p USING (pair_id)""")
    found = {(row[0], row[1]): Delivery(row) for row in rows}
    for alert, post, step, to_post, at in sql(f"SELECT alert_id, post_id, step, to_post, {local('at')} FROM escalation"):
        found[alert, post].steps[int(step)] = (to_post, moment(at))
        if int(step) > 0 and (alert, to_post) in found:
            drawn = found[alert, to_post]
            drawn.drawn_in = min(drawn.drawn_in, moment(at))
    for alert, post, at in sql(f"SELECT alert_id, post_id, {local('created_at')} FROM outbox WHERE repeat > 0 ORDER BY repeat"):
        found[alert, post].reminders.append(moment(at))
    return found


class Checker:
    """Holds every delivery of a run against the table."""

    def __init__(self, timeline):
        self.timeline, self.calendar, self.found = timeline, Calendar(), load()
        self.leads = dict(sql("SELECT post_id, lead_post FROM post"))
        self.human = dict(sql("SELECT detail->>'alert', detail->>'reason' FROM review_task WHERE kind = 'delivery'"))
        self.for_human = set()
        self.counts = collections.Counter()

    def chain(self, post):
        found = []
        while self.leads.get(post):
            post = self.leads[post]
            found.append(post)
        return found

    def ends(self, delivery):
        """When the chain ended: an answer here or above, a message that took its place, another's chain that drew it in."""
        ends = [delivery.drawn_in, delivery.succeeded or NEVER]
        if delivery.is_answered():
            ends.append(delivery.acked)
        if delivery.message != "cancel":
            for to_post, at in delivery.steps.values():
                above = self.found[delivery.alert, to_post]
                if above.state in ("acked", "acting", "closed"):
                    ends.append(max(above.acked, at))
        return min(ends)

    def ack_by(self, delivery):
        """As the message said it: from its sending, of which the tables keep the report."""
        span = delivery.table["ack"][delivery.reader]
        if delivery.ack_by is None:
            return self.calendar.add(delivery.begun, span)
        latest = self.calendar.add(delivery.sent, span)
        earliest = self.calendar.add(delivery.sent - self.timeline.slack, span)
        check(earliest <= delivery.ack_by <= latest, f"{delivery.name}: to acknowledge by {delivery.ack_by}, sent {delivery.sent}")
        return delivery.ack_by

    def steps(self, delivery, ack_by):
        """[(step, when)] up the table; nobody is passed over before the time to acknowledge is up."""
        own = [self.calendar.add(delivery.begun, span) for span in (*delivery.table["steps"], HUMAN[delivery.colour])]
        return [(n + 1, at if ack_by <= at else ack_by + (at - own[0])) for n, at in enumerate(own)]

    def check_steps(self, delivery, steps, ends):
        """Each step of the table once, at its time, to the lead of its height; what the chain lacks is for a human."""
        chain = self.chain(delivery.post)
        for step, due in steps:
            is_human = step == len(steps) or step > len(chain)
            latest = self.timeline.latest(due)
            told = delivery.steps.pop(step, None)
            if is_human:
                check(told is None, f"{delivery.name}: step {step} goes to a human")
                if latest < min(ends, self.timeline.last):
                    check(delivery.alert in self.human, f"{delivery.name}: a human was due at {due}")
                    self.counts["human"] += 1
                if due <= min(ends, self.timeline.last):
                    self.for_human.add(delivery.alert)
                return due
            if told is None:
                check(latest >= min(ends, self.timeline.last), f"{delivery.name}: step {step} was due at {due}, nothing came")
                return NEVER
            check(told[0] == chain[step - 1], f"{delivery.name}: step {step} goes to {chain[step - 1]}, not to {told[0]}")
            check(due <= told[1] <= latest, f"{delivery.name}: step {step} due {due}, taken {told[1]}, latest {latest}")
            check(told[1] <= ends + self.timeline.slack / 30, f"{delivery.name}: step {step} after the chain ended at {ends}")
            self.counts[f"{delivery.colour} step {step}"] += 1
        return NEVER

    def check_reminders(self, delivery, ack_by, ends, human_at):
        due = ack_by
        for at in delivery.reminders:
            check(due <= at <= self.timeline.latest(due), f"{delivery.name}: reminded at {at}, due {due}")
            check(at <= ends + self.timeline.slack / 30, f"{delivery.name}: reminded at {at} after the chain ended at {ends}")
            due = self.calendar.add(at, delivery.table["repeat"])
        self.counts["reminders"] += len(delivery.reminders)
        if delivery.sent is None:
            check(not delivery.reminders, f"{delivery.name}: reminded of what was not sent")
        else:
            check(self.timeline.latest(due) >= min(ends, self.timeline.last, human_at), f"{delivery.name}: no reminder at {due}")

    def check_owed(self, delivery):
        """Who acknowledged owes action and outcome, whoever was reminded of what."""
        is_late = delivery.sent is None and delivery.succeeded  # taken back while it left
        if delivery.state != "acked" or delivery.message not in ALERTS or delivery.is_office or is_late:
            check(not delivery.overdue, f"{delivery.name}: owes nothing")
            return
        gone = min(delivery.succeeded or NEVER, NEVER if delivery.pair_state != "retracted" else delivery.acked)
        for what, span in (("NOT_ACTED", "act"), ("NO_OUTCOME", "outcome")):
            due = max(delivery.acked, self.calendar.add(delivery.sent or delivery.acked, delivery.table[span]))
            if what in delivery.overdue:
                check(due - self.timeline.slack <= self.timeline.last, f"{delivery.name}: {what} though due {due}")
                self.counts[what.lower()] += 1
            else:
                check(self.timeline.latest(due) >= min(gone, self.timeline.last), f"{delivery.name}: {what} was due {due}")

    def check_handed_back(self, delivery):
        """`cannot` goes one lead up at once."""
        told = delivery.steps.pop(0, None)
        if told is not None:
            check(delivery.state == "cannot" and told[0] == self.leads[delivery.post]
                  and abs(told[1] - delivery.acked) < self.timeline.slack, f"{delivery.name}: handed on without a word")
            self.counts["cannot"] += 1
        elif delivery.state == "cannot" and delivery.message in ALERTS and self.leads[delivery.post]:
            check(delivery.pair_state == "retracted", f"{delivery.name}: not handed on")

    def check_one(self, delivery):
        self.check_handed_back(delivery)
        if delivery.state == "gave_up":
            self.counts["gave up"] += 1
            return
        if delivery.message == "close":
            steps, ends = [], NEVER
        else:
            ends, ack_by = self.ends(delivery), self.ack_by(delivery)
            human_at = self.check_steps(delivery, self.steps(delivery, ack_by), ends)
            self.check_reminders(delivery, ack_by, ends, human_at)
        check(not delivery.steps, f"{delivery.name}: steps that no table has: {delivery.steps}")
        self.check_owed(delivery)
        self.counts[f"{delivery.colour} deliveries"] += 1

    def run(self):
        """Counts of what was found right."""
        for delivery in self.found.values():
            self.check_one(delivery)
        early = {alert for alert, reason in self.human.items() if reason == "UNACKNOWLEDGED"} - self.for_human
        check(not early, f"put before a human before their time: {sorted(early)[:3]}")
        return self.counts
