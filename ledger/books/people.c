#include "ledger/books/people.h"

#include "ledger/base/text.h"

bool staff_put(struct store *store, uint64_t seq, const char *code, const char *office,
               struct date day, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO staff (code, office, added_on, seq)"
                           " VALUES ($1, $2, $3, $4) ON CONFLICT (code) DO NOTHING");
    bind_text(query, 1, code);
    bind_text(query, 2, office);
    bind_date(query, 3, day);
    bind_int(query, 4, (int64_t)seq);
    return statement_run(query, err);
}

bool staff_role_put(struct store *store, uint64_t seq, const char *code, const char *role,
                    struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO staff_role (code, role, seq) VALUES ($1, $2, $3)"
                           " ON CONFLICT DO NOTHING");
    bind_text(query, 1, code);
    bind_text(query, 2, role);
    bind_int(query, 3, (int64_t)seq);
    return statement_run(query, err);
}

bool staff_key_put(struct store *store, uint64_t seq, const char *code, const char *vkey,
                   struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO staff_key (vkey, code, seq) VALUES ($1, $2, $3)");
    bind_text(query, 1, vkey);
    bind_text(query, 2, code);
    bind_int(query, 3, (int64_t)seq);
    return statement_run(query, err);
}

bool staff_key_revoked_put(struct store *store, uint64_t seq, const char *vkey, const char *reason,
                           struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO staff_key_revoked (vkey, reason, seq) VALUES ($1, $2, $3)");
    bind_text(query, 1, vkey);
    bind_text(query, 2, reason);
    bind_int(query, 3, (int64_t)seq);
    return statement_run(query, err);
}

bool staff_roles_each(struct store *store, const char *code, role_visitor visit, void *context,
                      struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT role FROM staff_role WHERE code = $1 ORDER BY seq");
    bind_text(query, 1, code);
    while (statement_row(query)) {
        visit(context, column_text(query, 0));
    }
    return statement_end(query, err);
}

bool staff_keys_each(struct store *store, staff_key_visitor visit, void *context, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT vkey FROM staff_key ORDER BY seq, vkey");
    while (statement_row(query)) {
        visit(context, column_text(query, 0));
    }
    return statement_end(query, err);
}

static bool is_revoked(struct store *store, const char *vkey, bool *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT 1 FROM staff_key_revoked WHERE vkey = $1");
    bind_text(query, 1, vkey);
    *ret = statement_one(query);
    return statement_end(query, err);
}

bool staff_key_standing(struct store *store, const char *vkey, const char *code,
                        enum key_standing *ret, struct error *err)
{
    bool revoked = false;
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT code FROM staff_key WHERE vkey = $1");
    bind_text(query, 1, vkey);
    bool known = statement_one(query);
    known = known && (code == NULL || text_equal(column_text(query, 0), code));
    if (!statement_end(query, err) || !is_revoked(store, vkey, &revoked, err)) {
        return false;
    }
    *ret = known ? revoked ? KEY_REVOKED : KEY_VALID : KEY_UNKNOWN;
    return true;
}
