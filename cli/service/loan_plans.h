/* loan_plans.h - households, loans, and the close of a day. Layer: service.
 * Each plan reads and decides; each projection writes from the event. Bodies: docs/events.md. */
#ifndef YICANG_SERVICE_LOAN_PLANS_H
#define YICANG_SERVICE_LOAN_PLANS_H

#include "cli/service/subsidy_inquiry.h"
#include "cli/service/use_case.h"
#include "ledger/books/journal.h"
#include "ledger/loans/loan.h"

/* Reason ids household.area-code, household.status, household.not-found, household.from-future. */
bool plan_household_add(struct planning *planning, const struct canon *request, struct error *err);
bool plan_person_add(struct planning *planning, const struct canon *request, struct error *err);
bool plan_household_register(struct planning *planning, const struct canon *request,
                             struct error *err);
bool project_household_add(const struct projection *projection, struct error *err);
bool project_person_add(const struct projection *projection, struct error *err);
bool project_household_register(const struct projection *projection, struct error *err);

/* Reason ids loan.not-of-household, loan.product, loan.purpose, loan.term, loan.status,
 * loan.same-person, loan.above-application, loan.of-seq, loan.already-approved,
 * loan.already-paid-out, loan.not-approved, and the conditions of the policy as loan.<id>. */
bool plan_loan_apply(struct planning *planning, const struct canon *request, struct error *err);
bool plan_loan_approve(struct planning *planning, const struct canon *request, struct error *err);
bool plan_loan_refuse(struct planning *planning, const struct canon *request, struct error *err);
bool plan_loan_disburse(struct planning *planning, const struct canon *request, struct error *err);
bool project_loan_apply(const struct projection *projection, struct error *err);
bool project_loan_approve(const struct projection *projection, struct error *err);
bool project_loan_refuse(const struct projection *projection, struct error *err);
bool project_loan_disburse(const struct projection *projection, struct error *err);

/* Principal under subsidy and fund: if the policy covers the loan (`outcome` of its coverage), what
 * is left of the household's covered limit (domain.md 1.2). Reason id policy.not-in-force. */
MUST_CHECK bool covered_principal(const struct policy *policy, const struct governing_days *days,
                                  enum outcome outcome, struct money amount,
                                  struct money household_covered, struct money *ret,
                                  struct error *err);

/* Reason ids loan.closed, loan.not-paid-out, loan.claimed, loan.compensated,
 * loan.value-date-late, loan.value-date-early. */
/* The first four of them. */
MUST_CHECK bool loan_may_be_repaid(const struct loan *loan, struct error *err);
bool plan_loan_repay(struct planning *planning, const struct canon *request, struct error *err);
bool project_loan_repay(const struct projection *projection, struct error *err);

/* Demands for payment and inspections. Reason ids loan.not-paid-out, loan.closed, loan.not-overdue,
 * loan.dun-early, loan.dun-late, loan.dun-number, loan.duns-many, loan.inspection-early,
 * loan.inspection-late, loan.inspection-note, loan.inspections-many, text.*. */
bool plan_loan_dun(struct planning *planning, const struct canon *request, struct error *err);
bool plan_loan_inspect(struct planning *planning, const struct canon *request, struct error *err);
bool project_loan_dun(const struct projection *projection, struct error *err);
bool project_loan_inspect(const struct projection *projection, struct error *err);

bool plan_day_close(struct planning *planning, const struct canon *request, struct error *err);
bool project_day_close(const struct projection *projection, struct error *err);
bool project_day_close_row(const struct projection *projection, struct error *err);

/* --- what day close and repayment share (plan_interest.c) ------------------------------------- */

/* What happened to a loan day by day. */
struct loan_days {
    struct principal_move *move;
    size_t moves;
    struct status_change *change;
    size_t changes;
    struct use_findings use;
};
MUST_CHECK bool loan_days_load(struct store *store, int64_t loan, struct arena *arena,
                               struct loan_days *ret, struct error *err);

/* Interest of the days [from, upto) and the treasury's part of it. `turn`: the loan becomes overdue
 * at the close of this day, which is not in the book yet (NULL: it does not). `decisions`: an array
 * to which the decisions on its subsidy are added (NULL: nobody wants them). */
MUST_CHECK bool settle_interest(struct planning *planning, const struct loan *loan,
                                struct date upto, struct date due, struct canon *decisions,
                                struct settlement *ret, struct error *err);
/* The same for a loan whose days were loaded before. */
MUST_CHECK bool settle_days(struct planning *planning, const struct loan *loan,
                            const struct loan_days *days, struct date upto, struct date due,
                            const struct overdue_turn *turn, struct canon *decisions,
                            struct settlement *ret, struct error *err);
/* The entries of a settlement; `status` as the loan stands then. */
void settlement_entries(struct entry_list *list, int64_t loan, const char *status,
                        const struct settlement *settlement, struct date day);
struct money settlement_household_part(const struct settlement *settlement);
struct canon *settlement_record(struct arena *arena, const struct settlement *settlement);
/* Writes "settled" of an event, if it has one. */
MUST_CHECK bool settlement_project(const struct projection *projection, int64_t loan,
                                   struct error *err);
/* Penalty from the maturity day inclusive to `upto` exclusive, less what was paid before. */
MUST_CHECK bool penalty_due(struct planning *planning, const struct loan *loan, struct date upto,
                            struct money *ret, struct error *err);

/* How a loan stands at the close of `day`, for finding the next day on which something happens. */
struct loan_outlook {
    const char *status;
    bool has_unpaid_due; /* some sum fell due and is not paid */
    struct date unpaid_due;
    bool has_overdue_since;
    struct date overdue_since;
    struct date settled_upto;
    const char *class;
    bool classed;                   /* at the close of the day itself */
    const struct use_findings *use; /* NULL: not read yet */
};
/* Puts status, overdue_since, next_day and a class other than the loan's into an `out`. */
MUST_CHECK bool outlook_record(struct planning *planning, struct canon *out,
                               const struct loan *loan, const struct loan_outlook *outlook,
                               struct date day, struct error *err);
/* Writes the loan's state with a status (NULL: as before) and what `out` says of the other two. */
MUST_CHECK bool loan_state_project(const struct projection *projection, int64_t loan,
                                   const char *status, struct error *err);
/* The same with the status of `out`. */
MUST_CHECK bool outlook_project(const struct projection *projection, int64_t loan,
                                struct error *err);
#endif
