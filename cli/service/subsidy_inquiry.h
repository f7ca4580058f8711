/* subsidy_inquiry.h - whether the days of a period earn subsidy, as the policy of each of them
 * says. Layer: service. Reads the book, writes nothing.
 *
 * The conditions of `subsidy` are asked again on each day on which something they read may have
 * changed; days on which every condition came out the same make one decision, that of the first of
 * them. A condition that cannot be answered earns nothing: the close of a day must not wait for it,
 * and nobody pays what cannot be shown to be due. */
#ifndef YICANG_SERVICE_SUBSIDY_INQUIRY_H
#define YICANG_SERVICE_SUBSIDY_INQUIRY_H

#include "cli/service/use_case.h"
#include "ledger/loans/household.h"
#include "ledger/loans/loan.h"
#include "ledger/loans/loan_inspection.h"
#include "ledger/loans/loan_state.h"
#include "rules/condition.h"

/* A loan becomes overdue at the close of a day that is not in the book yet. */
struct overdue_turn {
    struct date day;
    struct date since; /* due day of the oldest sum */
};

struct condition_answer {
    const char *id;
    bool asked;
    enum outcome outcome;
};

struct subsidy_inquiry {
    struct planning *planning;
    const struct loan *loan;
    const struct overdue_turn *turn; /* NULL: none */
    const struct use_findings *use;
    struct canon *to; /* array of decisions; NULL: nobody keeps them */
    /* its own */
    struct case_facts facts;
    bool knows_terms;
    bool knows_standing;
    struct household_standing standing;
    bool knows_arrears;
    struct overdue_change *arrears;
    size_t arrears_count;
    struct canon *open;          /* the decision whose last day is not known yet */
    const struct policy *policy; /* that gave it */
    const char *unanswered;
    struct condition_answer answer[CONDITIONS_MAX];
    size_t answers;
};

void subsidy_inquiry_begin(struct planning *planning, const struct loan *loan,
                           const struct overdue_turn *turn, const struct use_findings *use,
                           struct canon *to, struct subsidy_inquiry *ret);
/* Days are asked in their order, each of the policy that counts for it. *end moves forward to the
 * first day that must be asked by itself. Reason ids of the book; never of a condition. */
MUST_CHECK bool subsidy_inquiry_ask(struct subsidy_inquiry *inquiry, const struct policy *policy,
                                    struct date day, bool overdue, struct date *end,
                                    bool *ret_earns, struct error *err);
/* The period ends; must come, also after a failure. */
void subsidy_inquiry_end(struct subsidy_inquiry *inquiry, struct date upto);

#endif
