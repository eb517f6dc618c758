#!/bin/sh
# Three years day by day: 150 records end by every rule; no day leaves a debt, and whoever was told hears each cancel.
exec "$(dirname "$0")/../../sql/tests/run" full/expiry_days.sql
