#!/usr/bin/env python3
"""The bill of materials is valid CycloneDX, complete and of known licences; nothing of the pages or the broker is unpinned."""
import json
import os
import re
import subprocess
import sys

REPO = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
BINARY = os.path.join(os.environ.get("HULEI_BUILD", os.path.join(REPO, "build/release")), "hulei")
VALIDATOR = os.path.join(os.environ.get("HULEI_CACHE", "/var/cache/hulei"), "cyclonedx-9.1.0/bin/python")
LICENCES = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD-3-Clause-Attribution", "BlueOak-1.0.0",
    "GPL-3.0-or-later WITH GCC-exception-3.1", "ICU", "ISC", "LGPL-2.0-or-later", "LGPL-2.1-or-later",
    "LGPL-3.0-or-later OR GPL-2.0-or-later", "MIT", "OLDAP-2.8", "PostgreSQL", "Zlib", "curl",
}
DIRECT = {"libpq5", "librdkafka1", "libsodium23", "libicu72", "libjansson4", "libcyaml1", "libmicrohttpd12", "libcurl4",
          "libssl3", "vue", "element-plus", "echarts", "leaflet", "vue-i18n"}
VALIDATE = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
fault = JsonStrictValidator(SchemaVersion.V1_5).validate_str(sys.stdin.read())
sys.exit(str(fault)[:500] if fault else 0)
"""


def faults():
    made = subprocess.run([os.path.join(REPO, "deploy/sbom"), BINARY], capture_output=True, text=True, check=True).stdout
    components = json.loads(made)["components"]
    names = {component["name"] for component in components}
    yield from (f"{name} is missing" for name in sorted(DIRECT - names))
    for component in components:
        licence = component["licenses"][0]["expression"]
        if licence not in LICENCES:
            yield f"{component['name']}: licence {licence}"
    if os.path.exists(VALIDATOR):
        done = subprocess.run([VALIDATOR, "-c", VALIDATE], input=made, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            yield f"no valid CycloneDX: {done.stderr.strip()}"
    else:
        print("the validator is not here: structure not checked")


def unpinned():
    with open(os.path.join(REPO, "daemon/console/web/package-lock.json"), encoding="utf-8") as file:
        for path, entry in json.load(file)["packages"].items():
            if path and not entry.get("link") and "integrity" not in entry:
                yield f"package-lock.json: {path} has no hash"
    with open(os.path.join(REPO, "deploy/dev/kafka/pom.xml"), encoding="utf-8") as file:
        for version in re.findall(r"<version>([^<]*)</version>", file.read()):
            if not re.fullmatch(r"[0-9][0-9A-Za-z.\-]*|\$\{[a-z0-9.]+\}", version):
                yield f"pom.xml: version {version}"


if __name__ == "__main__":
    found = list(faults()) + list(unpinned())
    print("\n".join(found))
    sys.exit(1 if found else 0)
