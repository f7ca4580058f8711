#include "cli/service/book.h"

#include "cli/service/key_ring.h"
#include "cli/service/visits.h"
#include "ledger/audit/high_water.h"
#include "ledger/base/clock.h"
#include "ledger/base/text.h"

#include <stdlib.h>
#include <string.h>

#define OFFICE_LASTING_MAX ((size_t)1 << 20)

char *service_folder_of(struct arena *arena, const char *folder)
{
    const char *chosen = getenv("YICANG_SERVICE_KEYS");
    if (chosen != NULL && chosen[0] != '\0') {
        return arena_text(arena, chosen);
    }
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/') {
        length--;
    }
    return arena_printf(arena, "%.*s.keys", (int)length, folder);
}

static void paths_with(struct office *office, const char *folder, const char *service_folder)
{
    arena_init(&office->arena, ARENA_LIMIT_COMMAND);
    arena_init(&office->lasting, OFFICE_LASTING_MAX);
    office->folder = arena_text(&office->lasting, folder);
    office->head_path = arena_printf(&office->lasting, "%s/head", folder);
    office->store_path = arena_printf(&office->lasting, "%s/book.db", folder);
    office->service_folder = service_folder == NULL ? service_folder_of(&office->lasting, folder)
                                                    : arena_text(&office->lasting, service_folder);
    office->high_water_path =
        arena_printf(&office->lasting, "%s/high-water", office->service_folder);
    office->policies = policy_shelf_new();
}

void office_paths(struct office *office, const char *folder)
{
    paths_with(office, folder, NULL);
}

/* How far the log had come, by the two files that stand outside the store. */
struct marks {
    struct head head;
    struct head high_water;
};

/* Read before the store: what they say was in the book already when it was written. */
static bool marks_read(const struct office *office, struct marks *ret, struct error *err)
{
    return head_read(office->head_path, &ret->head, err) &&
           high_water_read(office->high_water_path, &ret->high_water, err);
}

static bool marks_suffice(const struct office *office, enum store_mode mode,
                          const struct marks *marks, struct error *err)
{
    if (mode == STORE_WRITE && !marks->high_water.present) {
        error_set(err, FAULT_STORE, "book.high-water-missing",
                  _("the high-water file %s is missing: an older copy of the book would not show"),
                  office->high_water_path);
        return error_next(err, _("set YICANG_SERVICE_KEYS to the folder that holds it"));
    }
    return true;
}

/* What is left of a book behind its mark can still be read, by whoever puts up with it. */
static bool compare_mark(struct office *office, const struct head *mark, bool puts_up_with_loss,
                         struct error *err)
{
    struct error found = {0};

    if (head_compare(mark, office->store, &found)) {
        return true;
    }
    if (!puts_up_with_loss || !text_equal(found.reason, "book.events-lost")) {
        *err = found;
        return false;
    }
    office->behind = true;
    office->loss = found;
    store_keep_log(office->store);
    return true;
}

/* In one snapshot: another process may commit at any moment. */
static bool learn(struct office *office, const struct marks *marks, bool puts_up_with_loss,
                  struct error *err)
{
    AUTO_TRANSACTION snapshot = {0};

    return transaction_begin_read(office->store, &snapshot, err) &&
           compare_mark(office, &marks->head, puts_up_with_loss, err) &&
           (!marks->high_water.present ||
            compare_mark(office, &marks->high_water, puts_up_with_loss, err)) &&
           book_facts_load(office->store, &office->lasting, &office->facts, err) &&
           open_day_load(office->store, &office->day, err) &&
           log_tip_load(office->store, &office->tip, err);
}

static bool open_in_mode(const char *folder, const char *service_folder, enum store_mode mode,
                         bool puts_up_with_loss, struct office *ret, struct error *err)
{
    struct marks marks;

    *ret = (struct office){0};
    paths_with(ret, folder, service_folder);
    if (marks_read(ret, &marks, err) && store_open(ret->store_path, mode, &ret->store, err) &&
        marks_suffice(ret, mode, &marks, err) && learn(ret, &marks, puts_up_with_loss, err)) {
        return true;
    }
    if (ret->store != NULL && err->fault == FAULT_INTEGRITY) {
        store_keep_log(ret->store);
    }
    office_release(ret);
    return false;
}

bool office_open(const char *folder, enum store_mode mode, struct office *ret, struct error *err)
{
    return open_in_mode(folder, NULL, mode, false, ret, err);
}

bool office_open_beside(const char *folder, const char *service_folder, enum store_mode mode,
                        struct office *ret, struct error *err)
{
    return open_in_mode(folder, service_folder, mode, false, ret, err);
}

bool office_open_to_read(const char *folder, struct office *ret, struct error *err)
{
    return open_in_mode(folder, NULL, STORE_READ_ONLY, true, ret, err);
}

bool office_tip_write(struct office *office, bool sync, struct error *err)
{
    if (!sync && !office->tip_unsynced) {
        office->unsynced_since = clock_milliseconds();
    }
    office->tip_unsynced = !sync;
    return head_write(office->head_path, &office->head_file, &office->tip, sync, err) &&
           high_water_append(office->high_water_path, &office->high_water_file, &office->tip, sync,
                             err);
}

static bool sync_is_due(const struct office *office)
{
    return office->tip_unsynced && clock_milliseconds() - office->unsynced_since >= TIP_SYNC_DUE_MS;
}

bool office_tip_keep(struct office *office, struct error *err)
{
    return office_tip_write(office, sync_is_due(office), err);
}

bool office_tip_settle(struct office *office, bool bulk, struct error *err)
{
    bool now = sync_is_due(office) || (bulk && office->tip_unsynced);
    return !now || office_tip_write(office, true, err);
}

bool office_close(struct office *office, struct error *err)
{
    bool ok = true;

    if (office->tip_unsynced) {
        ok = office_tip_write(office, true, err);
    }
    ok = ok && visits_keep(office, err);
    kept_file_close(&office->head_file);
    kept_file_close(&office->high_water_file);
    office->store = store_close(office->store);
    office->policies = policy_shelf_free(office->policies);
    office->keys = key_ring_free(office->keys);
    log_keys_wipe(&office->log_keys);
    privacy_keys_wipe(&office->privacy_keys);
    office->has_privacy_keys = false;
    if (office->helpers != NULL) {
        office->helpers = signature_pool_stop(office->helpers);
    }
    arena_release(&office->arena);
    arena_release(&office->lasting);
    return ok;
}

void office_release(struct office *office)
{
    struct error ignored;
    bool closed = office_close(office, &ignored);
    (void)closed; /* whoever wants to know calls office_close() */
}

struct signature_pool *office_helpers(struct office *office)
{
    if (office->events++ > 0 && office->helpers == NULL) {
        office->helpers = signature_pool_start();
    }
    return office->helpers;
}

bool office_privacy_keys(struct office *office, const struct privacy_keys **ret, struct error *err)
{
    if (!office->has_privacy_keys) {
        if (!privacy_keys_in_force(office->store, office->service_folder, &office->privacy_keys,
                                   err)) {
            return false;
        }
        office->has_privacy_keys = true;
    }
    *ret = &office->privacy_keys;
    return true;
}

bool office_personal(struct office *office, const char *subject, enum personal_field field,
                     bool clear, const char **ret, struct error *err)
{
    const struct privacy_keys *keys = NULL;
    const char *value = NULL;

    if (!office_privacy_keys(office, &keys, err) ||
        !privacy_get(office->store, keys, office->facts.origin, subject, field, &office->arena,
                     &value, err)) {
        return false;
    }
    if (value == NULL) {
        *ret = "";
    } else {
        *ret = clear ? value : personal_mask(&office->arena, field, value);
    }
    return true;
}
