#!/usr/bin/env python3
"""Exactly once: the broker is killed by SIGKILL while records flow, and comes back with a certificate of a new authority,
which the running engine and courier took up from its file: no restart."""
from exactly_once import prove_with
from stack import Role, kill_broker, main, number, renew_authority, wait_until


def renew_and_kill():
    engine, courier = Role.started[-1], Role("courier")
    courier.await_log("feeds_assigned")
    install_certificate = renew_authority()
    wait_until(lambda: "kafka_files_renewed client=consumer" in engine.log(), 20, "the engine takes up the authority")
    for client in ("consumer", "producer"):
        wait_until(lambda what=client: f"kafka_files_renewed client={what}" in courier.log(), 20, f"the courier's {client}")
    kill_broker(meanwhile=install_certificate)


def proof():
    figures = prove_with(renew_and_kill, count=1500, seconds=4, times=1)
    wait_until(lambda: number("SELECT count(*) FROM outbox WHERE state = 'queued'") == 0, 30, "the courier sends, too")
    return figures


if __name__ == "__main__":
    main(proof)
