#!/usr/bin/env python3
"""Signing in over HTTP: two factors, codes that count once, lock-out, CSRF, idle end, password rules, sign-out."""
import time

from console_http import Browser, NEW_PASSWORD, add_user, first_factor, sign_in, totp
from stack import Role, check, main, same, sql, value


def proof():
    console = Role("console")
    console.await_log("event=console_ready", 60)
    sql("TRUNCATE session; DELETE FROM credential")

    browser = sign_in("li-web", "reviewer")
    me = browser.good("GET", "/api/me")
    same((me["account"], me["roles"], me["password_due"]), ("li-web", ["reviewer"], False), "who is signed in")
    same(me["csrf"], browser.csrf, "the CSRF token belongs to the session")

    other = Browser()
    same(other.get("/api/me").code, "no_session", "without a cookie")
    same(first_factor(other, "nobody", "x").code, "sign_in_failed", "an unknown account")
    same(first_factor(other, "li-web", "wrong").code, "sign_in_failed", "a wrong password, told alike")
    same(first_factor(other, "li-web", NEW_PASSWORD).json["state"], "totp", "the first factor")
    same(other.get("/api/me").code, "no_session", "one factor opens nothing")
    same(other.get("/api/session/factor").code, "impossible", "nor shows the secret again")
    same(other.post("/api/session/factor", {"code": browser.code}).code, "second_factor", "a code counts once")
    same(other.post("/api/session/factor", {"code": totp(browser.secret, time.time() + 30)}).status, 200, "the next one")

    kept = browser.csrf
    browser.csrf = "0" * 64
    same(browser.ask("DELETE", "/api/session").code, "csrf", "a foreign page has no token")
    browser.csrf = kept
    for new, rule in (("short", "too_short"), ("aaaaaaaaaaaaaaaa", "too_plain"), ("li-web is my name", "holds_name"),
                      (NEW_PASSWORD, "unchanged")):
        answer = browser.post("/api/me/password", {"old": NEW_PASSWORD, "new": new})
        same((answer.code, answer.json["field"], answer.json["rule"]), ("invalid", "new", rule), "password " + rule)
    same(browser.post("/api/me/password", {"old": "wrong", "new": "another quiet river"}).code, "wrong_password", "old one")
    browser.good("POST", "/api/me/password", {"old": NEW_PASSWORD, "new": "another quiet river"}, 204)
    same(other.get("/api/me").code, "no_session", "a new password ends the other session")
    sql("UPDATE session SET seen_at = seen_at - interval '10 minutes'")
    idle = "SELECT min(extract(epoch FROM clock_timestamp() - seen_at))::int > 500 FROM session WHERE state = 'active'"
    same((browser.ask("GET", "/api/me", headers={"X-Passive": "1"}).status, value(idle)), (200, "t"), "nobody at the desk")
    same((browser.get("/api/me").status, value(idle)), (200, "f"), "somebody is")
    sql("UPDATE session SET seen_at = seen_at - interval '16 minutes'")
    same(browser.get("/api/me").code, "no_session", "idle too long")

    first = add_user("chen-web", "post_officer", "--post", "pcs-500111004")
    fresh = Browser()
    first_factor(fresh, "chen-web", first)
    secret = fresh.good("GET", "/api/session/factor")["secret"]
    fresh.csrf = fresh.good("POST", "/api/session/factor", {"code": totp(secret)})["csrf"]
    same(fresh.get("/api/me").json["password_due"], True, "a first password")
    same(fresh.get("/api/events").code, "password_due", "opens nothing but its change")
    sql("UPDATE credential SET failures = 9")
    first_factor(Browser(), "chen-web", "wrong")
    same(first_factor(Browser(), "chen-web", first).code, "sign_in_failed", "locked out after ten")
    same(fresh.get("/api/me").status, 200, "who is inside stays")
    fresh.good("DELETE", "/api/session", status=204)
    check(fresh.cookie is None, "the cookie is taken back")
    same(console.stop(), 0, "the console ends well")
    return "two factors, lock-out, CSRF, idle, rules"


if __name__ == "__main__":
    main(proof)
