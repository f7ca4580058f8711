/* findings_table.h - what a check found, as a table. Layer: cli. */
#ifndef YICANG_CLI_FINDINGS_TABLE_H
#define YICANG_CLI_FINDINGS_TABLE_H

#include "ledger/audit/verify.h"
#include "reports/table.h"

void findings_table(const struct findings *findings, struct arena *arena, struct date day,
                    struct table *ret);

#endif
