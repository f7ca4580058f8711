/* preview_table.h - what a claim on county finance would hold, as a table. Layer: cli. */
#ifndef YICANG_CLI_PREVIEW_TABLE_H
#define YICANG_CLI_PREVIEW_TABLE_H

#include "cli/command.h"

struct preview {
    const char *event;   /* whose plan is asked: "subsidy.claim" */
    const char *nothing; /* its reason id when there is nothing to claim */
    const char *title_en, *title_zh;
    const struct column *column; /* names are members of a row's "out", amounts without _fen */
    size_t columns;
};

/* Asked with the options of the invocation, printed. */
MUST_CHECK bool preview_run(const struct invocation *invocation, const struct preview *preview,
                            struct error *err);

#endif
