#!/usr/bin/env python3
"""Citizen numbers in tests are invented on purpose: one with a valid check character must stand in approved.txt."""
import os
import re
import subprocess
import sys

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.join(here, "..", "..")
with open(os.path.join(here, "approved.txt"), encoding="utf-8") as file:
    approved = {line.split()[0] for line in file if line.strip() and not line.startswith("#")}
names = subprocess.run(["git", "ls-files", "-z", "tests", "config", "deploy", "daemon", "matchers", "sql"], cwd=root,
                       capture_output=True, check=True).stdout.split(b"\0")
found = 0
for name in filter(None, names):
    path = os.path.join(root, name.decode())
    if path.endswith(("approved.txt", ".gz")):
        continue
    with open(path, "rb") as file:
        text = file.read().decode("utf-8", "replace")
    for number in set(re.findall(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])", text)):
        digits = [int(digit) for digit in number[:17]]
        weights = [pow(2, 17 - i, 11) for i in range(17)]
        is_dated = 1850 <= int(number[6:10]) <= 2030 and 1 <= int(number[10:12]) <= 12 and 1 <= int(number[12:14]) <= 31
        check = "10X98765432"[sum(d * w for d, w in zip(digits, weights)) % 11]
        if is_dated and check == number[17].upper() and number.upper() not in approved:
            print(f"{name.decode()}: a valid-looking citizen number that is not approved: {number}")
            found += 1
sys.exit(found > 0)
