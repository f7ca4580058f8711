/* log_source_book.c - the log of a book, read for a verification. */
#include "ledger/audit/log_source.h"

#include <inttypes.h>

#include "ledger/base/text.h"

static bool each_leaf(void *context, int64_t from, log_leaf_visitor visit, void *visiting,
                      struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        context, "SELECT seq, leaf, leaf_hash, cmd FROM event WHERE seq >= $1 ORDER BY seq");
    bind_int(query, 1, from);
    while (statement_row(query)) {
        struct log_leaf leaf = {.seq = column_int(query, 0), .has_columns = true};
        leaf.bytes = column_blob(query, 1, &leaf.length);
        leaf.hash = column_sha256(query, 2);
        leaf.cmd = column_blob(query, 3, &leaf.cmd_length);
        if (!visit(visiting, &leaf, err)) {
            return false;
        }
    }
    return statement_end(query, err);
}

static bool rows(void *context, uint64_t seq, struct buffer *ret, struct error *err)
{
    return event_rows_load(context, seq, ret, err);
}

static bool next_head(void *context, uint64_t after, uint64_t *ret_size, struct buffer *ret,
                      struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        context, "SELECT size, note FROM checkpoint WHERE size > $1 ORDER BY size LIMIT 1");
    bind_int(query, 1, after > INT64_MAX ? INT64_MAX : (int64_t)after);
    *ret_size = 0;
    buffer_clear(ret);
    if (statement_one(query)) {
        size_t length = 0;
        *ret_size = (uint64_t)column_int(query, 0);
        const void *note = column_blob(query, 1, &length);
        buffer_add(ret, note == NULL ? "" : note, length);
    }
    return statement_end(query, err);
}

static bool check_rows_left_over(struct store *store, int64_t from, uint64_t events_with_rows,
                                 struct findings *findings, struct error *err)
{
    int64_t kept = 0;
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT count(*) FROM (SELECT DISTINCT seq FROM event_rows WHERE seq >= $1) AS s");
    bind_int(query, 1, from);
    if (statement_one(query)) {
        kept = column_int(query, 0);
    }
    if (!statement_end(query, err)) {
        return false;
    }
    if ((uint64_t)kept > events_with_rows) {
        findings_add(findings, "E_ROWS", -1,
                     _("rows stand beside %" PRId64 " events that were signed without any"),
                     kept - (int64_t)events_with_rows);
    }
    return true;
}

/* The kept tree must say what the leaves say; it is never believed. */
static bool check_frontier(struct store *store, const struct log_tip *tip,
                           struct findings *findings, struct error *err)
{
    struct log_tip kept;
    struct error why = {0};
    if (!log_tip_load(store, &kept, &why)) {
        if (why.fault != FAULT_INTEGRITY) {
            *err = why;
            return false;
        }
        findings_add(findings, "E_ROOT", -1, "%s", why.text);
        return true;
    }
    if (kept.size != tip->size || !sha256_equal(&kept.root, &tip->root) ||
        !sha256_equal(&kept.leaf_hash, &tip->leaf_hash)) {
        findings_add(findings, "E_ROOT", -1, _("the kept tree is not that of the events"));
    }
    return true;
}

static bool end(void *context, int64_t from, const struct log_tip *tip, uint64_t events_with_rows,
                struct findings *findings, struct error *err)
{
    return check_rows_left_over(context, from, events_with_rows, findings, err) &&
           check_frontier(context, tip, findings, err);
}

struct log_source log_source_of_book(struct store *store)
{
    return (struct log_source){.context = store,
                               .is_book = true,
                               .each_leaf = each_leaf,
                               .rows = rows,
                               .next_head = next_head,
                               .end = end};
}
