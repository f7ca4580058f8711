#include "ledger/loans/loan_override.h"

#include "ledger/base/text.h"

bool loan_override_next(struct store *store, int64_t *ret, struct error *err)
{
    return store_read_int(store, "SELECT coalesce(max(id), 0) + 1 FROM loan_override", ret, err);
}

bool loan_override_put(struct store *store, uint64_t seq, const struct loan_override *override,
                       struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO loan_override (id, loan_id, point, condition, reason, day,"
                           " actor, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    bind_int(query, 1, override->id);
    bind_int(query, 2, override->loan);
    bind_text(query, 3, override->point);
    bind_text(query, 4, override->condition);
    bind_text(query, 5, override->reason);
    bind_date(query, 6, override->day);
    bind_text(query, 7, override->actor);
    bind_int(query, 8, (int64_t)seq);
    return statement_run(query, err);
}

bool loan_override_find(struct store *store, int64_t loan, const char *point, const char *condition,
                        int64_t *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT id FROM loan_override"
                           " WHERE loan_id = $1 AND point = $2 AND condition = $3");
    bind_int(query, 1, loan);
    bind_text(query, 2, point);
    bind_text(query, 3, condition);
    *ret = statement_one(query) ? column_int(query, 0) : 0;
    return statement_end(query, err);
}

bool loan_override_load(struct store *store, struct arena *arena, int64_t id,
                        struct loan_override *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT loan_id, point, condition, reason, day, actor FROM loan_override"
                           " WHERE id = $1");
    bind_int(query, 1, id);
    bool found = statement_one(query);
    if (found) {
        *ret = (struct loan_override){.id = id,
                                      .loan = column_int(query, 0),
                                      .point = arena_text(arena, column_text(query, 1)),
                                      .condition = arena_text(arena, column_text(query, 2)),
                                      .reason = arena_text(arena, column_text(query, 3)),
                                      .day = column_date(query, 4),
                                      .actor = arena_text(arena, column_text(query, 5))};
    }
    if (!statement_end(query, err)) {
        return false;
    }
    return found || error_set(err, FAULT_INTEGRITY, "override.not-found",
                              _("there is no exception %lld"), (long long)id);
}

bool loan_override_use_put(struct store *store, uint64_t seq, int64_t override, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO loan_override_use (override_id, seq) VALUES ($1, $2)");
    bind_int(query, 1, override);
    bind_int(query, 2, (int64_t)seq);
    return statement_run(query, err);
}

bool loan_overrides_used(struct store *store, int64_t loan, struct arena *arena, int64_t **ret,
                         size_t *ret_count, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT DISTINCT o.id FROM loan_override AS o"
                           " JOIN loan_override_use AS u ON u.override_id = o.id"
                           " WHERE o.loan_id = $1 ORDER BY o.id");
    bind_int(query, 1, loan);
    return statement_numbers(query, arena, ret, ret_count, err);
}
