/* loan_view.h - what a clerk need not type: requests completed from the book, and a loan's
 * schedule. Layer: service. */
#ifndef YICANG_SERVICE_LOAN_VIEW_H
#define YICANG_SERVICE_LOAN_VIEW_H

#include "cli/service/book.h"
#include "ledger/audit/canon.h"
#include "ledger/loans/loan.h"
#include "ledger/loans/schedule.h"

/* Adds borrower (the head of the household), product (household) and the borrower's age, computed
 * from the encrypted identity number. Reason ids household.not-found, person.*, privacy.*,
 * loan.age-unknown (the borrower's identity number is not on record). */
MUST_CHECK bool loan_application_request(struct office *office, struct canon *request,
                                         struct error *err);
/* Adds of_seq and of_leaf of the application, the age on the day, and the amount applied for. */
MUST_CHECK bool loan_approval_request(struct office *office, struct canon *request,
                                      struct error *err);
/* Adds the amount approved. Reason id loan.not-approved. */
MUST_CHECK bool loan_payout_request(struct office *office, struct canon *request,
                                    struct error *err);
/* In place of `event`, a number, that event's of_seq and of_leaf and the loan it is about. Reason
 * id reversal.no-event. */
MUST_CHECK bool loan_reversal_request(struct office *office, struct canon **request,
                                      struct error *err);
/* The schedule of a loan's contract, or of its application as of today. */
MUST_CHECK bool loan_schedule(struct office *office, int64_t loan, struct schedule *ret,
                              struct error *err);

#endif
