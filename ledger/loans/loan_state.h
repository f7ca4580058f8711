/* loan_state.h - the dated status of a loan and its present state. Layer: loans.
 * Tables loan_status, loan_overdue, loan_class, loan_state are written here and nowhere else. */
#ifndef YICANG_LOANS_LOAN_STATE_H
#define YICANG_LOANS_LOAN_STATE_H

#include "ledger/base/arena.h"
#include "ledger/base/date.h"
#include "ledger/base/error.h"
#include "ledger/base/money.h"
#include "ledger/store/store.h"

#include <stdbool.h>
#include <stdint.h>

/* How a loan stands after an event. */
struct loan_state_change {
    const char *status; /* NULL: as before */
    bool has_overdue_since;
    struct date overdue_since; /* due day of the oldest sum that is overdue */
    bool has_next_day;
    struct date next_day; /* the next day on whose close something happens to it */
};

/* A new row of the status history if the status changes, one of the arrears if their first day
 * does, and the present state. */
MUST_CHECK bool loan_state_put(struct store *store, uint64_t seq, int64_t loan, struct date day,
                               const struct loan_state_change *change, struct error *err);

/* A new row of the classes, which differs from the last, and the present state; the loan has one.
 */
MUST_CHECK bool loan_class_put(struct store *store, uint64_t seq, int64_t loan, struct date day,
                               const char *class, struct error *err);

/* Since when a loan was overdue, ascending. */
struct overdue_change {
    struct date day; /* holds at the close of this day and after */
    bool is_overdue;
    struct date since; /* due day of the oldest sum that is overdue */
};
MUST_CHECK bool loan_overdue_changes(struct store *store, int64_t loan, struct arena *arena,
                                     struct overdue_change **ret, size_t *ret_count,
                                     struct error *err);

/* Unpaid principal of all loans whose oldest overdue sum fell due on the day or before it. */
MUST_CHECK bool loans_overdue_since(struct store *store, struct date day, struct money *ret,
                                    struct error *err);
/* Of all the others that are in a class, which is not 'normal'. */
MUST_CHECK bool loans_in_class(struct store *store, const char *class, struct date not_since,
                               struct money *ret, struct error *err);

#endif
