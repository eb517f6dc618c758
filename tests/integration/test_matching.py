#!/usr/bin/env python3
"""A synthetic sub-district through Kafka and the engine: persons and pairs against the truth, every message accounted for."""
import glob
import json
import os
import re
import subprocess
import tempfile

import stack

PERSONS, SEED = int(os.environ.get("HULEI_PERSONS", "4000")), 7
SECONDS = int(os.environ.get("HULEI_SECONDS", "70"))
# Floors of the proof; the figures themselves are printed.
IDENTITY_PRECISION, IDENTITY_RECALL, PAIR_RECALL = 0.999, 0.97, 0.95


def push_all(folder):
    pushed = 0
    # The address library first, so that most places are known when persons arrive; the result does not depend on it.
    for path in sorted(glob.glob(folder + "/*.ndjson"), key=lambda name: ("addresses" not in name, name)):
        topic = os.path.basename(path)[:-len(".ndjson")]
        done = subprocess.run([stack.BIN, "feed", "push", "--config", stack.CONFIG, "--topic", topic, "--unchecked",
                               "--quiet", path], capture_output=True, text=True, check=False)
        pushed += int(re.search(r"pushed (\d+)", done.stdout + done.stderr).group(1))
    return pushed


def evaluate(folder):
    conninfo = (f"host={stack.RUN}/sock port={stack.port()} dbname=hulei user=postgres "
                "options='-c search_path=hulei'")
    done = subprocess.run([stack.BIN, "evaluate", "--truth", folder, "--database", conninfo, "--json"],
                          capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def proof():
    stack.reset()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([stack.BIN, "synth", "--persons", str(PERSONS), "--seed", str(SEED), "--out", folder],
                       check=True, stdout=subprocess.DEVNULL)
        engine = stack.start_engine()
        pushed = push_all(folder)
        stack.await_counted(pushed, SECONDS)
        stack.await_rest()
        engine.stop()
        figures = evaluate(folder)
    outcomes = stack.outcomes()
    parked = stack.number("SELECT count(*) FROM parked")
    stack.same(sum(n for word, n in outcomes.items() if word != "sealed"), pushed, "pushed and accounted for")
    stack.same(parked + outcomes.get("sealed", 0), outcomes.get("refused", 0), "refused is parked or, if sealed, dropped")
    stack.check(outcomes.get("sealed", 0) > 0, "the planted juvenile records were met")
    pairwise, pairs = figures["identity"]["pairwise"], figures["pairs"]["score"]
    text = (f"persons {PERSONS}, messages {pushed}; identity P {pairwise['precision']:.4f} R {pairwise['recall']:.4f}; "
            f"pairs P {pairs['precision']:.3f} R {pairs['recall']:.3f}")
    stack.check(pairwise["precision"] >= IDENTITY_PRECISION, text)
    stack.check(pairwise["recall"] >= IDENTITY_RECALL, text)
    stack.check(pairs["recall"] >= PAIR_RECALL, text)
    return text


if __name__ == "__main__":
    stack.main(proof)
