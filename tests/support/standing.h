/* standing.h - how the books and the loans stand, as text that two tests can compare: balances,
 * positions, states, and what of settlements, repayments and status changes counts. Not: the
 * journal, the log, and what was undone. */
#ifndef YICANG_TESTS_SUPPORT_STANDING_H
#define YICANG_TESTS_SUPPORT_STANDING_H

#include "ledger/base/arena.h"
#include "ledger/store/store.h"

/* In the arena; a line a row. */
const char *standing(struct store *store, struct arena *arena);

#endif
