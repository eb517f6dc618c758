/* What a training run tells: where the weights come from and what each block expected. */
#ifndef HULEI_DAEMON_CLI_TRAIN_TRAIN_REPORT_H
#define HULEI_DAEMON_CLI_TRAIN_TRAIN_REPORT_H

#include "daemon/cli/train/learn.h"

#include <stdio.h>

void train_report_print(FILE *stream, const struct population *population, const struct learn_options *options,
                        const struct identity_model *model, const struct learn_figures *figures);

#endif
