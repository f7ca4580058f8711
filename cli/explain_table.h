/* explain_table.h - an explanation as tables, for programs. Layer: cli. */
#ifndef YICANG_CLI_EXPLAIN_TABLE_H
#define YICANG_CLI_EXPLAIN_TABLE_H

#include "cli/output.h"
#include "cli/service/explanation.h"

#define EXPLAIN_TABLES 11
struct explain_tables {
    struct table table[EXPLAIN_TABLES];
    enum explanation_depth depth;
};

void explain_tables_init(struct explain_tables *tables, struct arena *arena,
                         enum explanation_depth depth);
void explain_tables_add(struct explain_tables *tables, const struct explanation *explanation);
/* Those that belong to the depth, into a result; the tables must outlive it. */
void explain_tables_show(const struct explain_tables *tables, struct result *result);

#endif
