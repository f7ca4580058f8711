/* loan_dun.h - demands for payment of a loan in arrears (催收), as they stand on record. Layer:
 * loans. Table loan_dun is written here alone. */
#ifndef YICANG_LOANS_LOAN_DUN_H
#define YICANG_LOANS_LOAN_DUN_H

#include "ledger/base/arena.h"
#include "ledger/store/store.h"

/* More demands of one loan are not recorded; a number is as long at most, in characters. */
#define LOAN_DUNS_MAX 999
#define LOAN_DUN_NUMBER_MAX 64

struct loan_dun {
    int64_t loan;
    int64_t no;           /* among the loan's, from 1 */
    const char *number;   /* of the notice, as it stands on the paper; once a loan */
    const char *delivery; /* "in-person", "left", "post", "phone", "message", "public-notice" */
    struct date on;
    const char *actor;
};

bool loan_dun_delivery_is_known(const char *word);
/* The number of the next demand, from 1. */
MUST_CHECK bool loan_dun_next(struct store *store, int64_t loan, int64_t *ret, struct error *err);
MUST_CHECK bool loan_dun_has_number(struct store *store, int64_t loan, const char *number,
                                    bool *ret, struct error *err);
MUST_CHECK bool loan_dun_put(struct store *store, uint64_t seq, const struct loan_dun *dun,
                             struct error *err);
/* Those dated after the day, of events before `seq`. */
MUST_CHECK bool loan_duns_since(struct store *store, int64_t loan, struct date since, uint64_t seq,
                                int64_t *ret, struct error *err);

#endif
