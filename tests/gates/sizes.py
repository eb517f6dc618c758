#!/usr/bin/env python3
"""Source files stay below 500 lines, functions below 61."""
import re
import subprocess
import sys

faults = []
for path in subprocess.run(["git", "ls-files", "daemon/*.c", "matchers/*.c", "daemon/*.h", "matchers/*.h"],
                           capture_output=True, text=True, check=True).stdout.split():
    lines = open(path, encoding="utf-8").read().split("\n")
    if len(lines) > 501:
        faults.append(f"{path}: {len(lines) - 1} lines")
    start = None
    for i, line in enumerate(lines):
        if line == "{" and i and lines[i - 1].rstrip().endswith(")"):
            start = i
        elif line == "}" and start is not None:
            if i - start > 61:
                faults.append(f"{path}:{start}: function of {i - start - 1} lines")
            start = None
print("\n".join(faults))
sys.exit(1 if faults else 0)
