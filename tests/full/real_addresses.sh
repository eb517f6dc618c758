#!/bin/sh
# All 16,607 real addresses through Kafka and the engine.
exec env HULEI_ADDRESSES=16607 HULEI_SECONDS=600 python3 "$(dirname "$0")/../integration/test_real_addresses.py"
