/* lending_facts.h - facts of a loan and of the county's lending, for decisions. Layer: service. */
#ifndef YICANG_SERVICE_LENDING_FACTS_H
#define YICANG_SERVICE_LENDING_FACTS_H

#include "cli/service/use_case.h"
#include "ledger/loans/household.h"
#include "ledger/loans/loan.h"
#include "ledger/loans/loan_inspection.h"

/* Sets loans_balance, fund_free_balance and npl_ratio as the book stands on the open day. Bad loans
 * are those of the last three classes (domain.md 1.4, 4.1): by the class decided at the close
 * before, if the policy in force keeps classes, and by the table loan_class of `policy` for the
 * days overdue on the open day; the ratio is rounded half up to a millionth, and 0 while nothing is
 * lent. */
MUST_CHECK bool lending_facts(struct planning *planning, const struct policy *policy,
                              struct case_facts *facts, struct error *err);

/* Sets product, purpose, term and rate. Reason ids loan.product, loan.purpose (words the policy
 * does not know). */
MUST_CHECK bool loan_contract_facts(struct planning *planning, const struct loan *loan,
                                    struct case_facts *facts, struct error *err);
/* Sets the household's standing on a day, which is also *ret. Reason id household.status. */
MUST_CHECK bool loan_standing_fact(struct planning *planning, const struct loan *loan,
                                   struct date day, struct case_facts *facts,
                                   struct household_standing *ret, struct error *err);
/* Both, on the open day. */
MUST_CHECK bool loan_terms_facts(struct planning *planning, const struct loan *loan,
                                 struct case_facts *facts, struct error *err);

/* Sets used_as_applied as the latest inspection up to the day found it; it stays unknown before the
 * first. *end (may be NULL) moves forward to the day on which another one changes it. */
void loan_use_fact(const struct use_findings *findings, struct date day, struct case_facts *facts,
                   struct date *end);

/* What was done about the loan after its payout, as far as events before `seq` record it:
 * collection_notices dated after `overdue_since`, and, if it was ever inspected, used_as_applied as
 * the latest inspection found it. */
MUST_CHECK bool loan_watch_facts(struct store *store, int64_t loan, struct date overdue_since,
                                 uint64_t seq, struct case_facts *facts, struct error *err);

#endif
