/* schedule_table.h - a repayment schedule as a table: of a quote, of a loan. Layer: cli. */
#ifndef YICANG_CLI_SCHEDULE_TABLE_H
#define YICANG_CLI_SCHEDULE_TABLE_H

#include "ledger/loans/schedule.h"
#include "reports/table.h"

/* The caller sets the titles. */
void schedule_table(const struct schedule *schedule, struct arena *arena, const char *name,
                    struct date as_of, struct table *ret);

#endif
