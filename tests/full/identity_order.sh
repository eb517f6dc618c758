#!/bin/sh
# Order independence in full: 100,000 mentions of 25,000 persons, five shuffles with updates and withdrawals, one batch.
exec env HULEI_STREAM_PERSONS=25000 "$(dirname "$0")/../../build/release/common_test_identity_order"
