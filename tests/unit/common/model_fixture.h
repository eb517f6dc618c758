/* Language tables and the shipped model, as the engine loads them. */
#ifndef HULEI_TESTS_MODEL_FIXTURE_H
#define HULEI_TESTS_MODEL_FIXTURE_H

#include "daemon/common/model.h"
#include "tests/unit/common/language_fixture.h"

static struct identity_model *model;

static inline int open_parts(void **state)
{
    char error[512];

    if (open_tables(state) != 0)
        return 1;
    model = model_load(HULEI_SOURCE_DIR "/config/model/identity.yaml", error, sizeof error);
    if (model == NULL)
        fprintf(stderr, "%s\n", error);
    return model == NULL;
}

static inline int close_parts(void **state)
{
    model_free(model);
    return close_tables(state);
}

#endif
