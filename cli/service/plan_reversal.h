/* plan_reversal.h - a payout or a payment that was a mistake is undone by events that name it.
 * Layer: service.
 *
 * One person proposes (loan.reverse), another decides (loan.approve-reversal,
 * loan.refuse-reversal). The approval mirrors every entry of the event and puts the loan back to
 * where it stood; it is refused as soon as anything rests on the event. Which rules these are and
 * why: docs/decisions/0018-what-may-be-undone.md. Bodies: docs/events.md. */
#ifndef YICANG_SERVICE_PLAN_REVERSAL_H
#define YICANG_SERVICE_PLAN_REVERSAL_H

#include "cli/service/use_case.h"

/* Reason ids
 *     reversal.no-event           there is no such event
 *     reversal.other-kind         it is neither a payout nor a payment of a borrower
 *     reversal.of-reversal        it undoes something itself
 *     reversal.done               it was undone already
 *     reversal.later              an event that came after it rests on it
 *     reversal.period-closed      an accounting period was closed since
 *     reversal.settlement-missed  interest would have been settled on a day closed since
 *     reversal.of-seq             the request names another event than there is
 *     reversal.no-proposal, reversal.decided  of a decision */
bool plan_loan_reverse(struct planning *planning, const struct canon *request, struct error *err);
bool plan_loan_approve_reversal(struct planning *planning, const struct canon *request,
                                struct error *err);
bool plan_loan_refuse_reversal(struct planning *planning, const struct canon *request,
                               struct error *err);
bool project_loan_reverse(const struct projection *projection, struct error *err);
bool project_loan_approve_reversal(const struct projection *projection, struct error *err);
bool project_loan_refuse_reversal(const struct projection *projection, struct error *err);

/* Always false: reversal.no-event, of a log of so many events. */
bool reversal_no_event(uint64_t seq, uint64_t events, struct error *err);

#endif
