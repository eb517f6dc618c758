"""A synthetic sub-district through Kafka and the engine: persons and exposures of every rule against the truth, and every
message accounted for."""
import glob
import json
import os
import re
import subprocess
import tempfile

import stack

# Floors of the proof; the figures themselves are printed.
IDENTITY_PRECISION, IDENTITY_RECALL = 0.999, 0.97
PAIR_RECALL, PAIR_PRECISION = 0.99, 0.98  # of persons whose identity is right
COUNTED = 0.9, 1.2  # of rule B1, community by community: how many of the true, and how many in all
RULES = {"R1", "R2", "R3", "R4", "O1", "O2", "O3", "O4", "O5", "Y1", "Y2", "Y3"}


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


def table(rules):
    return "".join(f"\n  {rule}: true {row['true']}, found {row['found']}, same tier {row['same_tier']}; claimed "
                   f"{row['claimed']}, confirmed {row['confirmed']}" for rule, row in sorted(rules.items()))


def prove(persons, seed, seconds):
    stack.reset()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([stack.BIN, "synth", "--persons", str(persons), "--seed", str(seed), "--out", folder],
                       check=True, stdout=subprocess.DEVNULL)
        engine = stack.start_engine()
        pushed = push_all(folder)
        stack.await_counted(pushed, seconds)
        stack.await_rest(30 + seconds / 10)
        engine.stop()
        stack.start_engine(seconds=30 + seconds / 10)  # it counts once a day: what rule B1 counts
        stack.await_rest(30 + seconds / 10)
        stack.wait_until(lambda: stack.number("SELECT count(*) FROM exposure_count") > 0, 20 + seconds / 10, "what is only counted")
        figures = evaluate(folder)
    outcomes = stack.outcomes()
    parked = stack.number("SELECT count(*) FROM parked")
    stack.same(sum(n for word, n in outcomes.items() if word != "sealed"), pushed, "pushed and accounted for")
    stack.same(parked + outcomes.get("sealed", 0), outcomes.get("refused", 0), "refused is parked or, if sealed, dropped")
    stack.check(outcomes.get("sealed", 0) > 0, "the planted juvenile records were met")
    pairwise, pairs = figures["identity"]["pairwise"], figures["pairs"]
    right, counted, rules = pairs["of_right_identities"], pairs["counted"], pairs["rules"]
    text = (f"persons {persons}, messages {pushed}; identity P {pairwise['precision']:.4f} R {pairwise['recall']:.4f}; "
            f"pairs P {pairs['score']['precision']:.4f} R {pairs['score']['recall']:.4f}; of right identities "
            f"{right['true']} true, {right['found']} found, P {right['score']['precision']:.4f} "
            f"R {right['score']['recall']:.4f}; counted {counted['both']} of {counted['true']} true, "
            f"{counted['found']} found" + table(rules))
    stack.check(pairwise["precision"] >= IDENTITY_PRECISION, text)
    stack.check(pairwise["recall"] >= IDENTITY_RECALL, text)
    stack.check(right["score"]["recall"] >= PAIR_RECALL, text)
    stack.check(right["score"]["precision"] >= PAIR_PRECISION, text)
    stack.check(counted["both"] >= COUNTED[0] * counted["true"] and counted["found"] <= COUNTED[1] * counted["true"], text)
    stack.check(RULES <= {rule for rule, row in rules.items() if row["true"] > 0}, f"every rule has pairs: {text}")
    return text
