/* words.h - the words of the ledger (statuses, kinds of entry) in both languages. Layer: reports.
 */
#ifndef YICANG_REPORTS_WORDS_H
#define YICANG_REPORTS_WORDS_H

#include "reports/table.h"

/* Each gives the cell for a word as the tables hold it; an unknown one shows as it is. */
typedef struct cell (*word_function)(struct table *table, const char *name);
struct cell word_of_book(struct table *table, const char *name);
struct cell word_of_product(struct table *table, const char *name);
struct cell word_of_purpose(struct table *table, const char *name);
struct cell word_of_outcome(struct table *table, const char *name);
struct cell word_of_loan_status(struct table *table, const char *name);
struct cell word_of_loan_class(struct table *table, const char *name);
struct cell word_of_verdict(struct table *table, const char *name); /* of audit verify */
struct cell word_of_claim_status(struct table *table, const char *name);
struct cell word_of_entry_kind(struct table *table, const char *name);
struct cell word_of_role(struct table *table, const char *name);
struct cell word_of_register_status(struct table *table, const char *name);
/* To the head of a household; the clerk's own word where it is not one of ours. */
struct cell word_of_relation(struct table *table, const char *name);
struct cell word_of_payer(struct table *table, const char *name);
struct cell word_of_decision(struct table *table, const char *name);
struct cell word_of_fund_figure(struct table *table, const char *name);
/* What was decided on a claim elsewhere. */
struct cell word_of_claim_decision(struct table *table, const char *name);
/* How a demand for payment came to the borrower. */
struct cell word_of_delivery(struct table *table, const char *name);
/* What an inspection after the payout found. */
struct cell word_of_finding(struct table *table, const char *name);

#endif
