/* definition.h - what the definitions of reports share. Layer: reports; for definitions only. */
#ifndef YICANG_REPORTS_DEFINITION_H
#define YICANG_REPORTS_DEFINITION_H

#include "reports/account_titles.h"
#include "reports/report.h"

/* The end of the day of a report in the order of events and entries. */
struct report_cut {
    int64_t seq;   /* events up to this one belong to the report */
    int64_t entry; /* entries up to this one */
};
MUST_CHECK bool report_cut_load(struct store *store, struct date as_of, struct report_cut *ret,
                                struct error *err);

/* The next row of the table; reason id report.too-many-rows. */
MUST_CHECK bool report_add_row(struct table *table, struct cell **ret, struct error *err);
/* *sum += amount, *sum -= amount; reason id report.overflow. */
MUST_CHECK bool report_add(struct money *sum, struct money amount, struct error *err);
MUST_CHECK bool report_subtract(struct money *sum, struct money amount, struct error *err);
/* A person for people: the masked name, or the number of the household. */
struct cell report_person(struct table *table, const struct report_parameters *parameters,
                          const char *subject, int64_t household);

/* What a borrower owes and paid, from the facts up to the cut: the legal debt, which compensation
 * does not lower. */
struct loan_position {
    struct money repaid_principal; /* by repayments and, net of costs, by recoveries */
    struct money unpaid_principal;
    struct money subrogated;        /* of it: borne by insurer and fund, and not recovered yet */
    struct money overdue_principal; /* all of the unpaid principal from the day after maturity on */
    struct money interest_arrears;  /* the household's part of settled interest, past its due day */
    int64_t days_overdue;           /* from the due day of the oldest overdue sum */
    struct money subsidy;           /* county finance's part of settled interest */
};
struct loan_terms {
    int64_t id;
    struct money principal;
    struct date due;
};
MUST_CHECK bool loan_position_load(struct store *store, const struct loan_terms *terms,
                                   struct date as_of, const struct report_cut *cut,
                                   struct loan_position *ret, struct error *err);
/* Status at the cut, in the table's arena; an empty cell if it had none yet. */
MUST_CHECK bool loan_status_load(struct store *store, int64_t loan, const struct report_cut *cut,
                                 struct table *table, struct cell *ret, struct error *err);
/* Class at the cut of a loan that is paid out; "normal" before its first row. */
MUST_CHECK bool loan_class_load(struct store *store, int64_t loan, const struct report_cut *cut,
                                struct table *table, struct cell *ret, struct error *err);

extern const struct report loan_register, borrower_statement, claims_register, fund_statement,
    trial_balance, day_report;

#endif
