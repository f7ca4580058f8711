/* decision_record.h - a decision as it stands in the body of an event (docs/events.md), and asking
 * the policy again with what the event holds. Layer: service.
 *
 * The record has every fact that was read and every day that governed, so it needs nothing else of
 * the book but the policy with its digest: asked again, it decides the same for ever. */
#ifndef YICANG_SERVICE_DECISION_RECORD_H
#define YICANG_SERVICE_DECISION_RECORD_H

#include "ledger/audit/canon.h"
#include "rules/decision.h"

struct canon *decision_record(struct arena *arena, const struct decision *decision);
/* Of a decision that came to its outcome because it could not be answered: with the reason id, and
 * with every fact that was known of those that it would have read. */
struct canon *decision_record_unanswered(struct arena *arena, const struct decision *decision,
                                         const struct case_facts *facts,
                                         const struct policy_question *question,
                                         const char *reason);
/* Facts as a policy writes them: {"amount": "30000 yuan"}. */
bool facts_read_record(const struct canon *record, struct case_facts *ret);
void facts_add_record(struct canon *record, enum fact_name name, struct value value);
/* Days other than `on`: {"signing": "2016-10-20"}; NULL if there are none. */
bool days_read_record(const struct canon *record, struct date on, struct governing_days *ret);

/* The point, the days and the facts of a record of a decision made on `on`. Reason id
 * event.malformed (FAULT_INTEGRITY). */
struct decision_question {
    enum decision_point point;
    struct sha256 policy;
    struct governing_days days;
    struct case_facts facts;
};
MUST_CHECK bool decision_question_read(const struct canon *record, struct date on,
                                       struct decision_question *ret, struct error *err);
/* The first two alone. */
MUST_CHECK bool decision_point_read(const struct canon *record, struct date on,
                                    enum decision_point *ret, struct governing_days *ret_days,
                                    struct error *err);
/* Whether two values have the same canonical bytes. */
bool records_are_equal(const struct canon *a, const struct canon *b);

#endif
