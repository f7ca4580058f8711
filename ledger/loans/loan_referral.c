#include "ledger/loans/loan_referral.h"

bool loan_referral_put(struct store *store, const struct loan_referral *referral, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO loan_referral (seq, point, condition, loan_id, reason, day,"
                           " actor) VALUES ($1, $2, $3, $4, $5, $6, $7)");
    bind_int(query, 1, (int64_t)referral->seq);
    bind_text(query, 2, referral->point);
    bind_text(query, 3, referral->condition);
    bind_int(query, 4, referral->loan);
    bind_text(query, 5, referral->reason);
    bind_date(query, 6, referral->day);
    bind_text(query, 7, referral->actor);
    return statement_run(query, err);
}

bool loan_referral_events(struct store *store, int64_t loan, struct arena *arena, int64_t **ret,
                          size_t *ret_count, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT DISTINCT seq FROM loan_referral WHERE loan_id = $1 ORDER BY seq");
    bind_int(query, 1, loan);
    return statement_numbers(query, arena, ret, ret_count, err);
}

bool loan_referrals_load(struct store *store, uint64_t seq, struct arena *arena,
                         struct loan_referral **list, size_t *count, size_t *capacity,
                         struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT loan_id, point, condition, reason, day, actor FROM loan_referral"
                           " WHERE seq = $1 ORDER BY point, condition");
    bind_int(query, 1, (int64_t)seq);
    while (statement_row(query)) {
        *list = arena_grow(arena, *list, *count, capacity, sizeof **list);
        (*list)[(*count)++] =
            (struct loan_referral){.seq = seq,
                                   .loan = column_int(query, 0),
                                   .point = arena_text(arena, column_text(query, 1)),
                                   .condition = arena_text(arena, column_text(query, 2)),
                                   .reason = arena_text(arena, column_text(query, 3)),
                                   .day = column_date(query, 4),
                                   .actor = arena_text(arena, column_text(query, 5))};
    }
    return statement_end(query, err);
}
