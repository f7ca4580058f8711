/* log_read.c - events read back from the store. */
#include "ledger/audit/log.h"

#include <inttypes.h>
#include <string.h>

#include "ledger/base/text.h"

#define EVENT_ARENA_MAX ((size_t)64 << 20)

/* Rows beside an event ------------------------------------------------------------------------ */

bool event_rows_load(struct store *store, uint64_t seq, struct buffer *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT bytes FROM event_rows WHERE seq = $1 ORDER BY part");
    bind_int(query, 1, (int64_t)seq);
    buffer_clear(ret);
    while (!ret->overflowed && statement_row(query)) {
        size_t length = 0;
        const void *bytes = column_blob(query, 0, &length);
        buffer_add(ret, bytes, length);
    }
    if (!statement_end(query, err)) {
        return false;
    }
    return !ret->overflowed ||
           error_set(err, FAULT_INTEGRITY, "log.rows-too-long",
                     _("event %" PRIu64 " has more rows than an event may have"), seq);
}

/* Lines, each with its LF; -1 if the last one has none. */
static int64_t count_lines(const char *bytes, size_t length)
{
    int64_t lines = 0;
    const char *end = bytes + length;
    while (bytes < end) {
        const char *stop = memchr(bytes, '\n', (size_t)(end - bytes));
        if (stop == NULL) {
            return -1;
        }
        lines++;
        bytes = stop + 1;
    }
    return lines;
}

bool event_rows_fit(const struct event *event, const struct buffer *rows)
{
    struct sha256 wanted;
    int64_t count = 0;
    bool bound = canon_get(event->body, "rows_sha256") != NULL ||
                 canon_get(event->body, "rows_count") != NULL;
    if (!bound) {
        return rows->length == 0;
    }
    if (!canon_get_sha256(event->body, "rows_sha256", &wanted) ||
        !canon_get_int(event->body, "rows_count", &count)) {
        return false;
    }
    struct sha256 digest = sha256_of(rows->data, rows->length);
    return sha256_equal(&digest, &wanted) && count_lines(rows->data, rows->length) == count;
}

/* All of them --------------------------------------------------------------------------------- */

static bool visit_one(struct store *store, struct arena *arena, const void *leaf, size_t length,
                      struct buffer *rows, event_visitor visit, void *context, struct error *err)
{
    struct event event;
    buffer_clear(rows);
    if (!event_parse(arena, NULL, leaf, length, &event, err)) {
        return false;
    }
    if (canon_get(event.body, "rows_sha256") != NULL &&
        !event_rows_load(store, event.seq, rows, err)) {
        return false;
    }
    if (!event_rows_fit(&event, rows)) {
        return error_set(err, FAULT_INTEGRITY, "E_ROWS",
                         _("the rows beside event %" PRIu64 " are not those it was signed with"),
                         event.seq);
    }
    return visit(context, &event, rows->length > 0 ? rows : NULL, err);
}

bool log_each(struct store *store, uint64_t first, event_visitor visit, void *context,
              struct error *err)
{
    AUTO_ARENA arena;
    AUTO_BUFFER rows;
    arena_init(&arena, EVENT_ARENA_MAX);
    buffer_init(&rows, EVENT_ROWS_MAX);
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT leaf FROM event WHERE seq >= $1 ORDER BY seq");
    bind_int(query, 1, (int64_t)first);
    while (statement_row(query)) {
        size_t length = 0;
        const void *leaf = column_blob(query, 0, &length);
        if (!visit_one(store, &arena, leaf, length, &rows, visit, context, err)) {
            return false;
        }
        arena_reset(&arena);
    }
    return statement_end(query, err);
}
