#include "ledger/audit/log_lookup.h"

#include "ledger/base/text.h"

bool event_load(struct store *store, struct arena *arena, const char *origin, uint64_t seq,
                struct event *ret, struct sha256 *ret_leaf_hash, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT leaf, leaf_hash FROM event WHERE seq = $1");
    bind_int(query, 1, (int64_t)seq);
    if (!statement_one(query)) {
        return statement_end(query, err) &&
               error_set(err, FAULT_INTEGRITY, "event.not-found", _("event %llu is not in the log"),
                         (unsigned long long)seq);
    }
    size_t length = 0;
    const void *leaf = column_blob(query, 0, &length);
    *ret_leaf_hash = column_sha256(query, 1);
    const char *copy = leaf == NULL ? NULL : arena_text_n(arena, leaf, length);
    return statement_end(query, err) && event_parse(arena, origin, copy, length, ret, err);
}

bool event_leaf_hash(struct store *store, uint64_t seq, struct sha256 *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT leaf_hash FROM event WHERE seq = $1");
    *ret = (struct sha256){{0}};
    bind_int(query, 1, (int64_t)seq);
    if (statement_one(query)) {
        *ret = column_sha256(query, 0);
    }
    return statement_end(query, err);
}

bool event_hashes_append(struct store *store, uint64_t first, uint64_t upto,
                         struct merkle_range *range, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT leaf_hash FROM event WHERE seq >= $1 AND seq < $2 ORDER BY seq");
    bind_int(query, 1, (int64_t)first);
    bind_int(query, 2, (int64_t)upto);
    while (statement_row(query)) {
        struct sha256 hash = column_sha256(query, 0);
        merkle_range_append(range, &hash);
    }
    return statement_end(query, err);
}

bool event_put(struct store *store, const struct event *event, bool whole, struct error *err)
{
    AUTO_STATEMENT struct statement *insert =
        store_query(store, "INSERT INTO event (seq, leaf, leaf_hash, cmd) VALUES ($1, $2, $3, $4)");
    struct sha256 hash = event->leaf_hash == NULL
                             ? merkle_leaf_hash(event->text, event->leaf_length)
                             : *event->leaf_hash;

    bind_int(insert, 1, (int64_t)event->seq);
    bind_blob(insert, 2, event->text, whole ? event->leaf_length : 1);
    bind_sha256(insert, 3, &hash);
    bind_blob(insert, 4, event->cmd.byte, UUID_SIZE);
    return statement_run(insert, err);
}

bool command_find_request(struct store *store, const struct uuid *command, bool *ret_found,
                          struct sha256 *ret_mac, uint64_t *ret_seq, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT request_mac, seq FROM command_request WHERE cmd = $1");
    bind_blob(query, 1, command->byte, UUID_SIZE);
    *ret_found = statement_one(query);
    if (*ret_found) {
        *ret_mac = column_sha256(query, 0);
        *ret_seq = (uint64_t)column_int(query, 1);
    }
    return statement_end(query, err);
}

bool command_request_put(struct store *store, const struct uuid *command, const struct sha256 *mac,
                         uint64_t seq, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "INSERT INTO command_request (cmd, request_mac, seq) VALUES ($1, $2, $3)");
    bind_blob(query, 1, command->byte, UUID_SIZE);
    bind_sha256(query, 2, mac);
    bind_int(query, 3, (int64_t)seq);
    return statement_run(query, err);
}
