#!/bin/sh
# 20,000 changes of the exposure index, every pair compared with a run from scratch after each batch.
exec env HULEI_EXPOSURE_CHANGES=20000 "$(dirname "$0")/../../build/release/matchers_test_exposure_batch"
