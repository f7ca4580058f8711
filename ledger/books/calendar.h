/* calendar.h - the open business day, closed days and periods. Layer: books.
 * Tables book, closed_day, closed_period are written here and nowhere else. */
#ifndef YICANG_BOOKS_CALENDAR_H
#define YICANG_BOOKS_CALENDAR_H

#include "ledger/base/arena.h"
#include "ledger/store/store.h"

struct book_facts {
    char origin[129];
    const char *name; /* in the arena */
    struct date opening_day;
};

MUST_CHECK bool book_facts_load(struct store *store, struct arena *arena, struct book_facts *ret,
                                struct error *err); /* reason id book.empty before its genesis */
/* From the genesis event: closes the day before the opening day, so that the opening day is open.
 */
MUST_CHECK bool book_facts_put(struct store *store, uint64_t seq, const char *origin,
                               const char *name, struct date opening_day, struct error *err);

/* The one day that takes entries: the day after the last closed one. */
MUST_CHECK bool open_day_load(struct store *store, struct date *ret, struct error *err);
/* The last day of the newest closed period (a month); *ret_any false before the first. */
MUST_CHECK bool closed_period_load(struct store *store, bool *ret_any, struct date *ret,
                                   struct error *err);
/* Closes the open day; on the last day of a month also the period, keeping its balances. */
MUST_CHECK bool open_day_close(struct store *store, uint64_t seq, struct date day,
                               struct error *err);

#endif
