#include "ledger/books/policy_record.h"

bool policy_record_put(struct store *store, uint64_t seq, const struct sha256 *digest,
                       const char *name, const struct buffer *bytes, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO policy (sha256, name, bytes, seq)"
                           " VALUES ($1, $2, $3, $4) ON CONFLICT (sha256) DO NOTHING");
    bind_sha256(query, 1, digest);
    bind_text(query, 2, name);
    bind_blob(query, 3, bytes->data, bytes->length);
    bind_int(query, 4, (int64_t)seq);
    return statement_run(query, err);
}

bool policy_activation_put(struct store *store, uint64_t seq, struct date from,
                           const struct sha256 *digest, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "INSERT INTO policy_activation (from_day, sha256, seq) VALUES ($1, $2, $3)");
    bind_date(query, 1, from);
    bind_sha256(query, 2, digest);
    bind_int(query, 3, (int64_t)seq);
    return statement_run(query, err);
}

bool policy_record_load(struct store *store, const struct sha256 *digest, struct buffer *ret,
                        bool *ret_found, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT bytes FROM policy WHERE sha256 = $1");
    bind_sha256(query, 1, digest);
    *ret_found = statement_one(query);
    if (*ret_found) {
        size_t length = 0;
        const void *bytes = column_blob(query, 0, &length);
        if (bytes != NULL) {
            buffer_add(ret, bytes, length);
        }
    }
    return statement_end(query, err);
}

bool policy_records_each(struct store *store,
                         void (*visit)(void *context, const struct sha256 *digest), void *context,
                         struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT sha256 FROM policy ORDER BY seq");
    while (statement_row(query)) {
        struct sha256 digest = column_sha256(query, 0);
        visit(context, &digest);
    }
    return statement_end(query, err);
}

bool policy_activated_on(struct store *store, struct date day, struct sha256 *ret, bool *ret_found,
                         struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT sha256 FROM policy_activation WHERE from_day <= $1"
                           " ORDER BY from_day DESC, seq DESC LIMIT 1");
    bind_date(query, 1, day);
    *ret_found = statement_one(query);
    if (*ret_found) {
        *ret = column_sha256(query, 0);
    }
    return statement_end(query, err);
}

bool policy_activation_after(struct store *store, struct date day, bool *ret_found,
                             struct date *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT from_day FROM policy_activation WHERE from_day > $1"
                           " ORDER BY from_day LIMIT 1");
    bind_date(query, 1, day);
    *ret_found = statement_one(query);
    if (*ret_found) {
        *ret = column_date(query, 0);
    }
    return statement_end(query, err);
}
