#include "ledger/audit/checkpoint_store.h"

#include "ledger/base/text.h"

#include <assert.h>
#include <string.h>

static const char *const why_names[] = {"tip", "day", "seal", "cosigned"};

static bool why_parse(const char *name, enum checkpoint_why *ret)
{
    for (size_t i = 0; i < COUNT_OF(why_names); i++) {
        if (text_equal(why_names[i], name)) {
            *ret = (enum checkpoint_why)i;
            return true;
        }
    }
    return false;
}

static bool tip_move(struct store *store, uint64_t size, const char *note, size_t length,
                     bool *ret_moved, struct error *err)
{
    AUTO_STATEMENT struct statement *update =
        store_query(store, "UPDATE checkpoint SET size = $1, note = $2 WHERE why = 'tip'");
    bind_int(update, 1, (int64_t)size);
    bind_blob(update, 2, note, length);
    if (!statement_run(update, err)) {
        return false;
    }
    *ret_moved = store_changes(store) > 0;
    return true;
}

/* Whether exactly this note is kept under this size. */
static bool is_kept(struct store *store, uint64_t size, const char *note, size_t length,
                    bool *ret_same, bool *ret_kept, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT note, why FROM checkpoint WHERE size = $1");
    bind_int(query, 1, (int64_t)size);
    *ret_same = false;
    *ret_kept = false;
    if (statement_one(query)) {
        size_t kept_length = 0;
        const void *kept = column_blob(query, 0, &kept_length);
        *ret_same = kept != NULL && kept_length == length && memcmp(kept, note, length) == 0;
        *ret_kept = !text_equal(column_text(query, 1), why_names[CHECKPOINT_TIP]);
    }
    return statement_end(query, err);
}

static bool row_put(struct store *store, uint64_t size, const char *note, size_t length,
                    enum checkpoint_why why, struct error *err)
{
    AUTO_STATEMENT struct statement *insert =
        store_query(store, "INSERT INTO checkpoint (size, note, why) VALUES ($1, $2, $3)"
                           " ON CONFLICT (size) DO UPDATE SET note = excluded.note,"
                           " why = excluded.why");
    bind_int(insert, 1, (int64_t)size);
    bind_blob(insert, 2, note, length);
    bind_text(insert, 3, why_names[why]);
    return statement_run(insert, err);
}

bool checkpoint_store_put(struct store *store, uint64_t size, const char *note, size_t length,
                          enum checkpoint_why why, struct error *err)
{
    if (why == CHECKPOINT_TIP) {
        bool moved = false;
        return tip_move(store, size, note, length, &moved, err) &&
               (moved || row_put(store, size, note, length, why, err));
    }
    bool same = false;
    bool kept = false;
    return is_kept(store, size, note, length, &same, &kept, err) &&
           ((same && kept) || row_put(store, size, note, length, why, err));
}

bool checkpoint_store_get(struct store *store, uint64_t size, bool *ret_found, struct buffer *ret,
                          struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT note FROM checkpoint WHERE size = $1");
    bind_int(query, 1, (int64_t)size);
    *ret_found = statement_one(query);
    if (*ret_found) {
        size_t length = 0;
        const void *note = column_blob(query, 0, &length);
        buffer_add(ret, note == NULL ? "" : note, length);
    }
    return statement_end(query, err);
}

static bool size_of(struct statement *query, uint64_t *ret, struct error *err)
{
    *ret = statement_one(query) ? (uint64_t)column_int(query, 0) : 0;
    return statement_end(query, err);
}

bool checkpoint_store_newest(struct store *store, uint64_t *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT size FROM checkpoint ORDER BY size DESC LIMIT 1");
    return size_of(query, ret, err);
}

bool checkpoint_store_newest_cosigned(struct store *store, uint64_t *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT size FROM checkpoint WHERE why = 'cosigned' ORDER BY size DESC LIMIT 1");
    return size_of(query, ret, err);
}

bool checkpoint_store_each(struct store *store, checkpoint_visitor visit, void *context,
                           struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT size, note, why FROM checkpoint ORDER BY size");
    while (statement_row(query)) {
        struct checkpoint_kept kept = {.size = (uint64_t)column_int(query, 0)};
        kept.note = column_blob(query, 1, &kept.length);
        const char *why = column_text(query, 2);
        if (kept.note == NULL) {
            break; /* statement_end() says why */
        }
        if (!why_parse(why, &kept.why)) {
            return error_set(err, FAULT_INTEGRITY, "E_CONTAINER",
                             _("a checkpoint is kept for a reason that is not known"));
        }
        if (!visit(context, &kept, err)) {
            return false;
        }
    }
    return statement_end(query, err);
}
