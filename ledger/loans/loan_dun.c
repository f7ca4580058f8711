#include "ledger/loans/loan_dun.h"

#include "ledger/base/text.h"

bool loan_dun_delivery_is_known(const char *word)
{
    static const char *const words[] = {"in-person", "left",    "post",
                                        "phone",     "message", "public-notice"};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (text_equal(words[i], word)) {
            return true;
        }
    }
    return false;
}

bool loan_dun_next(struct store *store, int64_t loan, int64_t *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT coalesce(max(n), 0) + 1 FROM loan_dun WHERE loan_id = $1");
    bind_int(query, 1, loan);
    *ret = statement_one(query) ? column_int(query, 0) : 1;
    return statement_end(query, err);
}

bool loan_dun_has_number(struct store *store, int64_t loan, const char *number, bool *ret,
                         struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT 1 FROM loan_dun WHERE loan_id = $1 AND number = $2");
    bind_int(query, 1, loan);
    bind_text(query, 2, number);
    *ret = statement_one(query);
    return statement_end(query, err);
}

bool loan_dun_put(struct store *store, uint64_t seq, const struct loan_dun *dun, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO loan_dun (loan_id, n, number, delivery, day, actor, seq)"
                           " VALUES ($1, $2, $3, $4, $5, $6, $7)");
    bind_int(query, 1, dun->loan);
    bind_int(query, 2, dun->no);
    bind_text(query, 3, dun->number);
    bind_text(query, 4, dun->delivery);
    bind_date(query, 5, dun->on);
    bind_text(query, 6, dun->actor);
    bind_int(query, 7, (int64_t)seq);
    return statement_run(query, err);
}

bool loan_duns_since(struct store *store, int64_t loan, struct date since, uint64_t seq,
                     int64_t *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT count(*) FROM loan_dun"
                           " WHERE loan_id = $1 AND day > $2 AND seq < $3");
    bind_int(query, 1, loan);
    bind_date(query, 2, since);
    bind_int(query, 3, (int64_t)seq);
    *ret = statement_one(query) ? column_int(query, 0) : 0;
    return statement_end(query, err);
}
