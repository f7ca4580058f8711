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

bool event_copy(struct store *from, struct store *to, uint64_t seq, struct error *err)
{
    AUTO_STATEMENT struct statement *source =
        store_query(from, "SELECT leaf, leaf_hash, cmd FROM event WHERE seq = $1");
    AUTO_STATEMENT struct statement *target =
        store_query(to, "INSERT INTO event (seq, leaf, leaf_hash, cmd) VALUES ($1, $2, $3, $4)");
    size_t leaf_size = 0;
    size_t cmd_size = 0;

    bind_int(source, 1, (int64_t)seq);
    if (!statement_one(source)) {
        return statement_end(source, err);
    }
    const void *leaf = column_blob(source, 0, &leaf_size);
    struct sha256 hash = column_sha256(source, 1);
    const void *cmd = column_blob(source, 2, &cmd_size);
    bind_int(target, 1, (int64_t)seq);
    bind_blob(target, 2, leaf, leaf_size);
    bind_sha256(target, 3, &hash);
    bind_blob(target, 4, cmd, cmd_size);
    return statement_run(target, err) && statement_end(source, err);
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
