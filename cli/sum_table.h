/* sum_table.h - a payoff or a receipt as a table that prints. Layer: cli. */
#ifndef YICANG_CLI_SUM_TABLE_H
#define YICANG_CLI_SUM_TABLE_H

#include "cli/service/loan_receipt.h"
#include "reports/table.h"

void payoff_table(const struct payoff *payoff, struct arena *arena, struct table *ret);
/* On A4, or on A5, half of it, as receipts are often printed. */
void receipt_table(const struct receipt *receipt, enum page page, struct arena *arena,
                   struct table *ret);

#endif
