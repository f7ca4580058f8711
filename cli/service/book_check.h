/* book_check.h - everything a book can prove of itself. Layer: service. */
#ifndef YICANG_SERVICE_BOOK_CHECK_H
#define YICANG_SERVICE_BOOK_CHECK_H

#include "cli/service/book.h"
#include "ledger/audit/verify.h"

/* The invariants of design.md 4 from the rows, schema and file included. Codes BOOKS_*, LOANS_*,
 * STORE_*. */
MUST_CHECK bool book_check(struct office *office, struct findings *findings, struct error *err);

/* The log: shape, chain, signatures, tree; each event projected into a new store beside it, which
 * is then compared with the live tables row by row; with `plan_again`, each event is also planned
 * again from the book as it then stood and compared. Codes E_*. */
MUST_CHECK bool book_verify(struct office *office, bool plan_again, struct findings *findings,
                            struct verify_summary *ret, struct error *err);

#endif
