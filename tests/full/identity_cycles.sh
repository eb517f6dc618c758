#!/bin/sh
# 10,000,000 updates and withdrawals at constant memory.
exec env HULEI_CYCLES=10000000 "$(dirname "$0")/../../build/release/common_test_identity_stream"
