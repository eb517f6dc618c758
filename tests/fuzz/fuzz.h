/* The one function every harness defines and libFuzzer, or replay.c, calls.
 * Nothing else belongs here. */
#ifndef HULEI_TESTS_FUZZ_FUZZ_H
#define HULEI_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
