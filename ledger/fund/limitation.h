/* limitation.h - until when a court hears about a loan. Layer: fund; only reads. */
#ifndef YICANG_FUND_LIMITATION_H
#define YICANG_FUND_LIMITATION_H

#include "ledger/loans/loan.h"

/* Civil Code (民法典) art. 188, 189, 195: three years from the day on which the last sum fell due,
 * and anew from each demand and each payment that stands, unless they had run out by then. Not
 * counted: other grounds on which the time stands still or begins anew, and days that move off a
 * holiday. `loan` was paid out. */
MUST_CHECK bool loan_limitation(struct store *store, const struct loan *loan, struct date *ret,
                                struct error *err);

#endif
