/* policy.h - what a county decides, as data: dated parameters, conditions and the loss waterfall,
 * read from a YAML file (libyaml) with strict scalars. Layer: rules. Knows no table and no clock.
 * What the conditions say about a case is in decision.h, who bears a loss in waterfall.h.
 *
 * A policy is identified by the SHA-256 of its bytes. Parameters carry (from, value, clause) rows;
 * the caller passes the date that governs. Errors in the file carry line and column, FAULT_INPUT.
 */
#ifndef YICANG_RULES_POLICY_H
#define YICANG_RULES_POLICY_H

#include "ledger/base/date.h"
#include "ledger/base/digest.h"
#include "ledger/base/error.h"
#include "ledger/base/money.h"
#include "ledger/base/rate.h"
#include "rules/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a value rests on: the county's own text. Where the policy has it in one language only, that
 * stands for both; both are NULL where there is none. */
struct clause {
    const char *zh;
    const char *en;
};
static inline const char *clause_text(struct clause clause, bool chinese)
{
    return chinese ? clause.zh : clause.en;
}

#define POLICY_BYTES_MAX ((size_t)256 << 10)

struct policy; /* opaque, immutable once loaded */

/* name is used in messages (a file name, or the policy's digest). Reason ids policy.yaml,
 * policy.too-large, policy.not-utf8, policy.invisible, policy.anchor, policy.tag,
 * policy.second-document, policy.duplicate-key, policy.unknown-key, policy.missing-key,
 * policy.value, policy.order, policy.range, policy.shares, and those of expression.h. */
MUST_CHECK bool policy_load(const char *name, const char *bytes, size_t length, struct policy **ret,
                            struct error *err);
struct policy *policy_free(struct policy *policy); /* accepts NULL; returns NULL */

const char *policy_name(const struct policy *policy); /* "county-pilot" */
const char *policy_title(const struct policy *policy, bool chinese);
struct sha256 policy_digest(const struct policy *policy);

/* Which date picks the row of a parameter. */
enum governing_date {
    GOVERNED_BY_SIGNING,
    GOVERNED_BY_APPLICATION,
    GOVERNED_BY_ACCRUAL,
    GOVERNED_BY_CLAIM,
    GOVERNING_DATE_COUNT
};

const char *governing_date_name(enum governing_date date); /* "signing" */

/* The parameters the engine asks for. Every policy must give all of them (policy.missing-key). */
enum parameter {
    PARAMETER_HOUSEHOLD_LIMIT,          /* money: unpaid + approved principal of a household */
    PARAMETER_MICRO_ENTREPRENEUR_LIMIT, /* money: the same for that product */
    PARAMETER_COVERED_LIMIT,            /* money: principal of a household under subsidy and fund */
    PARAMETER_TERM_MAX,                 /* months */
    PARAMETER_AGE_MIN,                  /* years, inclusive; outside is a warning */
    PARAMETER_AGE_MAX,
    PARAMETER_SUBSIDY_RATE,           /* rate a year, never above the contract rate */
    PARAMETER_SUBSIDY_SHARE,          /* share of that, by accrual date */
    PARAMETER_SUBSIDY_WHILE_OVERDUE,  /* truth */
    PARAMETER_PENALTY_FACTOR,         /* share: 150% = contract rate x 1.5 */
    PARAMETER_SETTLE_DAY,             /* day of month, 1 to 28 */
    PARAMETER_CLAIM_AFTER_DAYS,       /* days overdue at which a loan becomes a candidate */
    PARAMETER_NON_ACCRUAL_AFTER_DAYS, /* days overdue after which accrual stops */
    PARAMETER_TOP_UP_SHARE,           /* share of outstanding principal at 31 December */
    PARAMETER_PREMIUM_SHARE,          /* share of covered principal */
    PARAMETER_COUNT
};

const char *parameter_name(enum parameter parameter); /* "household_limit" */

/* The day for each governing date. A day that has not come yet (signing, at the application) is the
 * day of the decision. */
struct governing_days {
    struct date of[GOVERNING_DATE_COUNT];
};

/* Value in force on the date. Reason ids policy.not-in-force (before the first row; FAULT_REFUSED).
 * Asking with the wrong kind is our own mistake. `clause` (may be NULL) receives text owned by the
 * policy. */
MUST_CHECK bool policy_money(const struct policy *policy, enum parameter parameter, struct date on,
                             struct money *ret, struct clause *ret_clause, struct error *err);
MUST_CHECK bool policy_rate(const struct policy *policy, enum parameter parameter, struct date on,
                            struct rate *ret, struct clause *ret_clause, struct error *err);
MUST_CHECK bool policy_int(const struct policy *policy, enum parameter parameter, struct date on,
                           int64_t *ret, struct clause *ret_clause, struct error *err);
MUST_CHECK bool policy_truth(const struct policy *policy, enum parameter parameter, struct date on,
                             bool *ret, struct clause *ret_clause, struct error *err);
/* Whether every parameter, every table and every waterfall has a row for the day: a policy begins
 * to hold on no earlier day. Reason id policy.not-in-force, which names what is missing. */
MUST_CHECK bool policy_is_in_force(const struct policy *policy, struct date on, struct error *err);
/* From now on the policy has on every day what it has on this one, for trying out rows of a later
 * day on an earlier time. Reason id policy.not-in-force. */
MUST_CHECK bool policy_hold(struct policy *policy, struct date on, struct error *err);
/* The first date after `on` at which the parameter changes; false if it never does again. For
 * splitting an interest period. */
bool policy_next_change(const struct policy *policy, enum parameter parameter, struct date on,
                        struct date *ret);

/* Rows of a parameter, for policy show and diff. */
struct parameter_row {
    struct date from;
    const char *value; /* as written in the file: "50000 yuan" */
    struct value parsed;
    struct clause clause;
};
size_t policy_rows(const struct policy *policy, enum parameter parameter);
struct parameter_row policy_row(const struct policy *policy, enum parameter parameter,
                                size_t index);
enum governing_date policy_governed_by(const struct policy *policy, enum parameter parameter);

/* --- Tables of bands ---------------------------------------------------------------------------
 */

/* The tables of the policy as they stand in its file, for policy show and diff. */
struct table_facts {
    const char *name; /* "loan_class" */
    enum governing_date governed_by;
    size_t rows;
};
struct table_row {
    struct date from;
    size_t bands;
    struct clause clause;
};
size_t policy_tables(const struct policy *policy);
struct table_facts policy_table(const struct policy *policy, size_t index);
struct table_row policy_table_row(const struct policy *policy, size_t index, size_t row);
/* "from 91 days to 270 days: substandard" */
const char *policy_table_band(const struct policy *policy, size_t index, size_t row, size_t band);

/* The five classes (domain.md 4.1), by the table loan_class that every policy has. The last three
 * are bad loans. */
enum loan_class {
    CLASS_NORMAL,
    CLASS_SPECIAL_MENTION,
    CLASS_SUBSTANDARD,
    CLASS_DOUBTFUL,
    CLASS_LOSS
};
/* The class of a loan that is overdue for so many days. Reason id policy.not-in-force. */
MUST_CHECK bool policy_class(const struct policy *policy, struct date on, int64_t days_overdue,
                             enum loan_class *ret, struct clause *ret_clause, struct error *err);
/* The days overdue from which a loan is in this class or a worse one; INT64_MAX if never. */
MUST_CHECK bool policy_days_to_class(const struct policy *policy, struct date on,
                                     enum loan_class least, int64_t *ret, struct error *err);

/* --- The order of repayment --------------------------------------------------------------------
 */

/* What a borrower can owe. */
enum due { DUE_COSTS, DUE_PENALTY, DUE_COMPOUND, DUE_INTEREST, DUE_PRINCIPAL, DUE_COUNT };
const char *due_name(enum due due); /* "penalty" */
struct dues {
    struct money of[DUE_COUNT];
};

/* The order in force on the day: first what is paid first. A loan that is overdue for more days
 * than the policy says may have an order of its own. Reason id policy.not-in-force. */
MUST_CHECK bool policy_repayment_order(const struct policy *policy, struct date on,
                                       int64_t days_overdue, enum due ret[static DUE_COUNT],
                                       struct clause *ret_clause, struct error *err);
enum governing_date policy_repayment_governed_by(const struct policy *policy);

/* Takes what is due from a payment in that order. What was taken and *ret_over, which is left when
 * nothing is due any more, always come to what was paid. Nothing is negative. */
struct dues dues_take(const enum due order[static DUE_COUNT], const struct dues *due,
                      struct money paid, struct money *ret_over);

/* Rows of the order, for policy show and diff. */
struct repayment_row {
    struct date from; /* first member: see dated_row_on() */
    enum due order[DUE_COUNT];
    bool has_long_overdue;
    int64_t long_overdue_after; /* days overdue, not included */
    enum due long_overdue_order[DUE_COUNT];
    struct clause clause;
};
size_t policy_repayment_rows(const struct policy *policy);
struct repayment_row policy_repayment_row(const struct policy *policy, size_t index);

#endif
