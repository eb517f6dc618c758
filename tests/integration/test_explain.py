#!/usr/bin/env python3
"""`hulei explain` on records of the database: by the engine's OS user alone, audited, levels and bits and no value."""
import json

from stack import *  # noqa: F403

NAME, OTHER = "欧阳晓蕾", "欧阳晓磊"
CROWD_PHONE = "13912300000"
ID_A = f"{SOURCE[CHILDREN]}/child/c-1"
ID_B = f"{SOURCE[SCHOOLS]}/enrolment/e-1/0"


def explain(*arguments, user="hulei-engine"):
    return subprocess.run(["runuser", "-u", user, "--", BIN, "explain", "--config", CONFIG, *arguments],
                          capture_output=True, text=True, check=False, cwd="/")


def level_of(answer, comparison):
    return next(step["level"] for step in answer["steps"] if step["comparison"] == comparison)


def proof():
    reset()
    engine = start_engine()
    first = child(NAME, "2015-06-01", 2, STREET + "12号2单元301室")
    second = {"person": dict(first["person"], name=OTHER), "school_id": "s-1", "grade": "3"}
    push_raw([raw(CHILDREN, "child", "c-1", NOW, first, "x-1"), raw(SCHOOLS, "enrolment", "e-1", NOW, second, "x-2"),
              raw(CHILDREN, "child", "c-2", NOW, child("罗小蕾", "2015-06-01", 4, STREET + "14号"), "x-3")])
    await_counted(3)
    # A number that a whole dormitory gives says nothing of two of its pupils.
    crowd = [child(f"钟离{'甲乙丙丁戊己庚辛壬癸'[i % 10]}{'子丑寅卯'[i // 10]}", f"2014-03-{i % 28 + 1:02}", 20 + 2 * i,
                   STREET + f"{40 + i}号") for i in range(30)]
    for one in crowd:
        one["person"]["phones"] = [CROWD_PHONE]
    push_raw([raw(CHILDREN, "child", f"d-{i}", NOW, one, f"y-{i}") for i, one in enumerate(crowd)])
    await_counted(33)
    engine.stop()

    done = explain("--json", ID_A, ID_B)
    check(done.returncode == 0, f"explain: {done.stderr}")
    answer = json.loads(done.stdout)
    same((level_of(answer, "number_birth_sex"), level_of(answer, "name"), level_of(answer, "address")),
         ("number_equal", "homophone", "dwelling"), "levels")
    check(abs(sum(step["bits"] for step in answer["steps"]) - answer["bits"]) < 1e-9, "steps sum to the bits")
    same((answer["outcome"], answer["veto"]), ("joined", ""), "outcome")
    same(number("SELECT count(DISTINCT m.person_id) FROM mention m JOIN record r USING (record_id) "
                "WHERE r.subject IN ('c-1', 'e-1')"), 1, "the engine came to the same")
    same(number("SELECT count(*) FROM audit_entry WHERE action = 'identity_explain' AND actor = 'hulei-engine'"), 1,
         "the look on record")

    shown = explain(ID_A, f"{SOURCE[CHILDREN]}/child/c-2")
    check("held apart" in shown.stdout and "numbers: two valid" in shown.stdout, f"two numbers: {shown.stdout}")
    many = json.loads(explain("--json", f"{SOURCE[CHILDREN]}/child/d-0", f"{SOURCE[CHILDREN]}/child/d-1").stdout)
    same((level_of(many, "phone"), many["has_generic_value"]), ("null", True), "a phone that 30 hold")
    said = done.stdout + done.stderr + shown.stdout + shown.stderr
    for secret in (NAME, OTHER, first["person"]["id_number"], "2015", "双南路"):
        check(secret not in said, "explain shows a value of a record")
    check(explain(ID_A, f"{SOURCE[CHILDREN]}/child/none").returncode == 1, "a record that is not there")
    for user in ("hulei-rev1", "hulei-console", "hulei-courier"):
        check(explain(ID_A, ID_B, user=user).returncode != 0, f"{user} may explain")
    same(number("SELECT count(*) FROM audit_entry WHERE action = 'identity_explain'"), 3, "looks on record")
    return "levels and bits of two records, a phone of 30 left out, 3 looks audited, 3 strangers refused"


if __name__ == "__main__":
    main(proof)
