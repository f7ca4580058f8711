/* books_check.h - the invariants of the books, proven from the rows (design.md 4). Layer: books.
 * Each finding has a code that tests and manuals name: BOOKS_ENTRY_SUM, BOOKS_BALANCE,
 * BOOKS_LOAN_BALANCE, BOOKS_PERIOD_BALANCE, BOOKS_MIRROR, BOOKS_NUMBERING, BOOKS_CLOSED_DAY,
 * BOOKS_EVENT (an entry whose event does not exist). */
#ifndef YICANG_BOOKS_BOOKS_CHECK_H
#define YICANG_BOOKS_BOOKS_CHECK_H

#include "ledger/audit/verify.h"
#include "ledger/store/store.h"

/* False only if the book cannot be read. Bounded memory whatever the size of the book. */
MUST_CHECK bool books_check(struct store *store, struct findings *findings, struct error *err);

#endif
