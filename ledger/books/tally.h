/* tally.h - sums of lines in memory, before and beside the kept tables. Layer: books.
 * Included by ledger/books and by nobody else. */
#ifndef YICANG_BOOKS_TALLY_H
#define YICANG_BOOKS_TALLY_H

#include "ledger/books/journal.h"

/* What kept turnovers may come to; the schema says the same. */
#define TURNOVER_LIMIT_FEN INT64_C(4000000000000000000)

/* Adds one line; false if the sum goes past the limit. */
MUST_CHECK bool turnover_add(struct turnover *turnover, struct money amount);
MUST_CHECK bool turnover_balance(const struct turnover *turnover, struct money *ret);

/* Adds the lines of entries with after < id <= upto to ret. Reason ids journal.account (a line of
 * an account that does not exist), journal.overflow. */
MUST_CHECK bool tally_lines(struct store *store, int64_t after, int64_t upto,
                            struct turnover ret[static ACCOUNT_SLOTS], struct error *err);
/* The turnovers kept at the end of a period. */
MUST_CHECK bool tally_period(struct store *store, struct date last_day,
                             struct turnover ret[static ACCOUNT_SLOTS], struct error *err);

bool tally_refuse_overflow(struct error *err);

#endif
