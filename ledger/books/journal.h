/* journal.h - posted entries and the balances made of them. Layer: books.
 * Tables entry, line, balance, loan_balance, period_balance are written here and nowhere else. */
#ifndef YICANG_BOOKS_JOURNAL_H
#define YICANG_BOOKS_JOURNAL_H

#include "ledger/books/entry.h"
#include "ledger/store/store.h"

/* Posts the entries of event seq, numbered on, and keeps the balances. Must run in a write
 * transaction. The database refuses what does not balance (store.guard). Reason ids
 * journal.unbalanced, journal.value-date (later than the book date), journal.overflow. */
MUST_CHECK bool journal_post(struct store *store, uint64_t seq, struct date book_date,
                             const struct entry_list *list, struct error *err);
/* Reads the entries of event seq with an id above `after` (0: all) again and compares them with
 * what should have been posted: reason id journal.mismatch (FAULT_INTERNAL). For the check before
 * commit. */
MUST_CHECK bool journal_recheck(struct store *store, uint64_t seq, int64_t after,
                                struct date book_date, const struct entry_list *list,
                                struct error *err);
/* The three mirrors of design.md 4, from kept balances: reason id books.mirror
 * (FAULT_INTEGRITY). */
MUST_CHECK bool journal_check_mirrors(struct store *store, struct error *err);

/* Debit-positive balances as they stand now, from the kept tables. */
MUST_CHECK bool account_balance(struct store *store, enum account account, struct money *ret,
                                struct error *err);
MUST_CHECK bool loan_account_balance(struct store *store, int64_t loan, enum account account,
                                     struct money *ret, struct error *err);
/* Turnover since the book began; the balance is debit less credit. */
struct turnover {
    struct money debit, credit;
};
/* Of every account at once with book date <= day, by account number: from the closed period before
 * it and the lines since (from the kept balances if the day is not closed yet). */
MUST_CHECK bool journal_turnover_on(struct store *store, struct date day,
                                    struct turnover ret[static ACCOUNT_SLOTS], struct error *err);
/* One account of journal_turnover_on(); whoever wants several asks that. */
MUST_CHECK bool account_balance_on(struct store *store, enum account account, struct date day,
                                   struct money *ret, struct error *err);

/* The amounts that moved a loan's principal (the three loan accounts together), by value date:
 * consecutive moves of one day are one; ascending; each non-zero. */
struct principal_move {
    struct date value_date;
    struct money amount; /* + paid out, - paid back */
};
MUST_CHECK bool loan_principal_moves(struct store *store, int64_t loan, struct arena *arena,
                                     struct principal_move **ret, size_t *ret_count,
                                     struct error *err);
/* The same from a day on: what had moved by then is one amount of that day. Reads the entries
 * booked since that day and the kept balances, however long the loan's life was before. */
MUST_CHECK bool loan_principal_moves_from(struct store *store, int64_t loan, struct date from,
                                          struct arena *arena, struct principal_move **ret,
                                          size_t *ret_count, struct error *err);

/* The same from lines that somebody else reads, added in the order of their entries. */
struct principal_moves {
    struct arena *arena;
    struct principal_move *move;
    size_t count, capacity;
};
MUST_CHECK bool principal_moves_add(struct principal_moves *list, struct principal_move move,
                                    struct error *err);
void principal_moves_end(struct principal_moves *list, struct principal_move **ret,
                         size_t *ret_count);

/* The balance of a loan's accounts from the first to the last, as it was before that event. */
MUST_CHECK bool loan_balance_before(struct store *store, int64_t loan, enum account first,
                                    enum account last, uint64_t seq, struct money *ret,
                                    struct error *err);

/* Id of the entry posted last; 0 if there is none. */
MUST_CHECK bool journal_last_entry(struct store *store, int64_t *ret, struct error *err);
/* Keeps the balances as those of the period that ends with last_day: for the calendar. */
MUST_CHECK bool journal_keep_period(struct store *store, struct date last_day, struct error *err);

/* Rebuilds balance, loan_balance and period_balance from the lines; what is kept must equal it. */
MUST_CHECK bool journal_rebuild(struct store *store, struct error *err);

#endif
