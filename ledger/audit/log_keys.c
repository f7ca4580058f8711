#include "ledger/audit/log_keys.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/audit/file_write.h"
#include "ledger/base/digest.h"
#include "ledger/base/guarded.h"
#include "ledger/base/text.h"

#define LOG_FILE "log.key"
#define SYSTEM_FILE "system.key"
#define DAY_PREFIX "day-"
#define LOG_PREFIX "log-"
#define PATH_TEXT_MAX 4096

static const char *const kind_names[] = {"log", "day", "system"};

/* Which keys are in force -----------------------------------------------------------------------
 */

bool service_key_put(struct store *store, uint64_t seq, enum service_key_kind kind,
                     const char *vkey, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO service_key (kind, seq, vkey) VALUES ($1, $2, $3)");
    bind_text(query, 1, kind_names[kind]);
    bind_int(query, 2, (int64_t)seq);
    bind_text(query, 3, vkey);
    return statement_run(query, err);
}

bool service_key_at(struct store *store, enum service_key_kind kind, uint64_t size,
                    char ret[static VKEY_TEXT_MAX], struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT vkey FROM service_key WHERE kind = $1 AND seq < $2"
                           " ORDER BY seq DESC LIMIT 1");
    bind_text(query, 1, kind_names[kind]);
    bind_int(query, 2, size > INT64_MAX ? INT64_MAX : (int64_t)size);
    bool found = statement_one(query);
    if (found) {
        const char *vkey = column_text(query, 0);
        found = strlen(vkey) < VKEY_TEXT_MAX;
        (void)snprintf(ret, VKEY_TEXT_MAX, "%s", vkey);
    }
    if (!statement_end(query, err)) {
        return false;
    }
    return found || error_set(err, FAULT_INTEGRITY, "log.key-unknown",
                              _("no event names the %s key of the log"), kind_names[kind]);
}

bool service_key_in_force(struct store *store, enum service_key_kind kind,
                          char ret[static VKEY_TEXT_MAX], struct error *err)
{
    return service_key_at(store, kind, INT64_MAX, ret, err);
}

bool service_keys_each(struct store *store, enum service_key_kind kind, service_key_visitor visit,
                       void *context, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT vkey FROM service_key WHERE kind = $1 ORDER BY seq");
    bind_text(query, 1, kind_names[kind]);
    while (statement_row(query)) {
        visit(context, column_text(query, 0));
    }
    return statement_end(query, err);
}

bool key_recovery_put(struct store *store, uint64_t seq, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO key_recovery (seq) VALUES ($1)");
    bind_int(query, 1, (int64_t)seq);
    return statement_run(query, err);
}

bool key_recovery_unseen(struct store *store, bool *ret_found, uint64_t *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT seq FROM key_recovery WHERE seq NOT IN"
                           " (SELECT recovery FROM key_recovery_seen) ORDER BY seq LIMIT 1");
    *ret_found = statement_one(query);
    *ret = *ret_found ? (uint64_t)column_int(query, 0) : 0;
    return statement_end(query, err);
}

bool key_recovery_seen_put(struct store *store, uint64_t seq, uint64_t size, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO key_recovery_seen (recovery, seq)"
                           " SELECT seq, $1 FROM key_recovery WHERE seq < $2 AND seq NOT IN"
                           " (SELECT recovery FROM key_recovery_seen)");
    bind_int(query, 1, (int64_t)seq);
    bind_int(query, 2, (int64_t)size);
    return statement_run(query, err);
}

/* Their files -----------------------------------------------------------------------------------
 */

static void named_path(const char *folder, const char *name, char ret[static PATH_TEXT_MAX])
{
    (void)snprintf(ret, PATH_TEXT_MAX, "%s/%s", folder, name);
}

static void day_path(const char *folder, const struct verifier_key *key,
                     char ret[static PATH_TEXT_MAX])
{
    (void)snprintf(ret, PATH_TEXT_MAX, "%s/" DAY_PREFIX "%08" PRIx32 ".key", folder, key->id);
}

/* Where the next log key waits until the event that names it is committed. */
static void next_log_path(const char *folder, const struct verifier_key *key,
                          char ret[static PATH_TEXT_MAX])
{
    (void)snprintf(ret, PATH_TEXT_MAX, "%s/" LOG_PREFIX "%08" PRIx32 ".key", folder, key->id);
}

static void destroy(const char *path)
{
    file_wipe(path);
    (void)unlink(path);
}

/* Keys that are not in force: of a command that broke off before its commit, or right after. */
static void sweep(const char *folder, const struct verifier_key *in_force)
{
    char kept[PATH_TEXT_MAX];
    char path[PATH_TEXT_MAX];
    DIR *open_folder = opendir(folder);
    if (open_folder == NULL) {
        return; /* whoever can load the key but not list the folder leaves it to the next */
    }
    day_path(folder, in_force, kept);
    for (struct dirent *entry = readdir(open_folder); entry != NULL; entry = readdir(open_folder)) {
        named_path(folder, entry->d_name, path);
        if (text_starts_with(entry->d_name, LOG_PREFIX) ||
            (text_starts_with(entry->d_name, DAY_PREFIX) && strcmp(path, kept) != 0)) {
            destroy(path);
        }
    }
    (void)closedir(open_folder);
}

/* The log key in force takes its name, if a crash kept it from that; the one before is destroyed.
 * Where it cannot, the next command tries again. */
static void settle_log(const char *folder, const struct verifier_key *in_force)
{
    char waiting[PATH_TEXT_MAX];
    char path[PATH_TEXT_MAX];
    next_log_path(folder, in_force, waiting);
    named_path(folder, LOG_FILE, path);
    if (access(waiting, F_OK) != 0) {
        return;
    }
    file_wipe(path);
    bool settled = rename(waiting, path) == 0 && file_folder_sync(path);
    (void)settled;
}

/* Into guarded memory, and nowhere else any more. */
static struct signing_key *guard(struct signing_key *key)
{
    struct signing_key *kept = guarded_copy(key, sizeof *key);
    signing_key_wipe(key);
    return kept;
}

static struct signing_key *generate(const char *name)
{
    AUTO_SIGNING_KEY key;
    signing_key_generate(name, KEY_TYPE_ED25519, &key);
    return guard(&key);
}

static bool load_one(const char *path, const char *vkey, struct signing_key **ret,
                     struct error *err)
{
    AUTO_SIGNING_KEY key = {0};
    char found[VKEY_TEXT_MAX];
    if (!key_file_read_service(path, &key, err)) {
        if (text_equal(err->reason, "key-file.not-found")) {
            error_set(err, FAULT_STORE, "log.key-missing", _("the log's key %s is missing"), path);
            return error_next(
                err, _("set YICANG_SERVICE_KEYS to the folder that holds it; a day key that is "
                       "lost is replaced with `yicang key recover`, a log key with its "
                       "--replace-log"));
        }
        return false;
    }
    if (strcmp(verifier_key_format(&key.verifier, found), vkey) != 0) {
        error_set(err, FAULT_STORE, "log.key-missing",
                  _("the key file %s holds another key than the log names"), path);
        return error_limit(err, "%s", vkey);
    }
    *ret = guard(&key);
    return true;
}

/* Of a key that is lost only what the log names is known. */
static bool name_lost(const char *vkey, struct signing_key **ret, struct error *err)
{
    AUTO_SIGNING_KEY key = {0};
    if (!verifier_key_parse(vkey, &key.verifier, err)) {
        return false;
    }
    *ret = guard(&key);
    return true;
}

/* What load_one() failed with is an answer only if there is no file with this key: the file is
 * gone, damaged or of another key. One that may not be read or used is there, and nobody replaces a
 * key because its permissions are wrong. */
static bool is_missing(const struct error *why, const char *folder, struct error *err)
{
    if (text_equal(why->reason, "key-file.permissions")) {
        error_set(err, FAULT_REFUSED, "log.key-present", _("a key of this book is not lost: %s"),
                  why->text);
        return error_next(err,
                          _("run chmod 640 on the file in %s, or, if its key is to count as lost, "
                            "move the file away first"),
                          folder);
    }
    if (text_equal(why->reason, "log.key-missing") || text_starts_with(why->reason, "key-file.")) {
        return true;
    }
    *err = *why; /* of the store */
    return false;
}

static bool holds(const struct signing_key *key, const char *vkey)
{
    char found[VKEY_TEXT_MAX];
    return strcmp(verifier_key_format(&key->verifier, found), vkey) == 0;
}

bool log_keys_load(const char *folder, struct store *store, struct log_keys *keys,
                   struct error *err)
{
    char log_vkey[VKEY_TEXT_MAX];
    char day_vkey[VKEY_TEXT_MAX];
    char path[PATH_TEXT_MAX];
    struct verifier_key day;
    struct verifier_key log;

    if (!service_key_in_force(store, SERVICE_KEY_LOG, log_vkey, err) ||
        !service_key_in_force(store, SERVICE_KEY_DAY, day_vkey, err)) {
        return false;
    }
    if (keys->loaded && holds(keys->log, log_vkey) && holds(keys->day, day_vkey)) {
        return true;
    }
    log_keys_wipe(keys);
    if (!verifier_key_parse(day_vkey, &day, err) || !verifier_key_parse(log_vkey, &log, err)) {
        return false;
    }
    settle_log(folder, &log);
    named_path(folder, LOG_FILE, path);
    if (!load_one(path, log_vkey, &keys->log, err)) {
        return false;
    }
    day_path(folder, &day, path);
    if (!load_one(path, day_vkey, &keys->day, err)) {
        return false;
    }
    keys->loaded = true;
    sweep(folder, &day);
    return true;
}

bool log_keys_load_without_day(const char *folder, struct store *store, struct log_keys *keys,
                               struct error *err)
{
    char vkey[VKEY_TEXT_MAX];
    char path[PATH_TEXT_MAX];
    struct error missing = {0};

    if (log_keys_load(folder, store, keys, &missing)) {
        error_set(err, FAULT_REFUSED, "log.key-present",
                  _("the day key of this book is not lost: it is in %s"), folder);
        return error_next(err, _("`yicang day close` replaces it"));
    }
    if (!is_missing(&missing, folder, err)) {
        return false;
    }
    log_keys_wipe(keys);
    named_path(folder, LOG_FILE, path);
    if (!service_key_in_force(store, SERVICE_KEY_LOG, vkey, err) ||
        !load_one(path, vkey, &keys->log, err) ||
        !service_key_in_force(store, SERVICE_KEY_DAY, vkey, err) ||
        !name_lost(vkey, &keys->day, err)) {
        return false;
    }
    keys->loaded = keys->day_lost = true;
    return true;
}

/* The key of this file in the folder, or only its verifier key if it is missing. */
static bool load_or_miss(const char *folder, const char *path, const char *vkey,
                         struct signing_key **ret, bool *ret_lost, struct error *err)
{
    struct error missing = {0};
    *ret_lost = !load_one(path, vkey, ret, &missing);
    return !*ret_lost || (is_missing(&missing, folder, err) && name_lost(vkey, ret, err));
}

bool log_keys_load_what_is_there(const char *folder, struct store *store, struct log_keys *keys,
                                 struct error *err)
{
    char log_vkey[VKEY_TEXT_MAX];
    char day_vkey[VKEY_TEXT_MAX];
    char path[PATH_TEXT_MAX];
    struct verifier_key log;
    struct verifier_key day;

    log_keys_wipe(keys);
    if (!service_key_in_force(store, SERVICE_KEY_LOG, log_vkey, err) ||
        !service_key_in_force(store, SERVICE_KEY_DAY, day_vkey, err) ||
        !verifier_key_parse(log_vkey, &log, err) || !verifier_key_parse(day_vkey, &day, err)) {
        return false;
    }
    settle_log(folder, &log);
    named_path(folder, LOG_FILE, path);
    if (!load_or_miss(folder, path, log_vkey, &keys->log, &keys->log_lost, err)) {
        return false;
    }
    day_path(folder, &day, path);
    keys->loaded = load_or_miss(folder, path, day_vkey, &keys->day, &keys->day_lost, err);
    return keys->loaded;
}

static bool create_one(const char *path, const char *name, struct signing_key **ret,
                       struct error *err)
{
    *ret = generate(name);
    return key_file_write_service(path, *ret, err);
}

bool log_keys_create(const char *folder, const char *origin, struct log_keys *ret,
                     struct verifier_key *ret_system, struct error *err)
{
    char name[KEY_NAME_MAX + 1];
    char path[PATH_TEXT_MAX];
    struct signing_key *system = NULL;

    *ret = (struct log_keys){0};
    digest_start();
    named_path(folder, LOG_FILE, path);
    if (!create_one(path, origin, &ret->log, err) || !key_name_of_staff(origin, "system", name)) {
        return false;
    }
    named_path(folder, SYSTEM_FILE, path);
    bool created = create_one(path, name, &system, err);
    *ret_system = system->verifier;
    guarded_free(system);
    if (!created) {
        return false;
    }
    (void)snprintf(name, sizeof name, "%s/day", origin);
    ret->day = generate(name);
    day_path(folder, &ret->day->verifier, path);
    ret->loaded = key_file_write_service(path, ret->day, err);
    return ret->loaded;
}

/* The day turns ----------------------------------------------------------------------------------
 */

static void take(struct signing_key **held, struct signing_key **next)
{
    guarded_free(*held);
    *held = *next;
    *next = NULL;
}

void log_keys_prepare_day(struct log_keys *keys)
{
    assert(keys->loaded);
    struct signing_key *fresh = generate(keys->day->verifier.name);
    take(&keys->next_day, &fresh);
}

void log_keys_prepare_log(struct log_keys *keys)
{
    assert(keys->loaded);
    struct signing_key *fresh = generate(keys->log->verifier.name);
    take(&keys->next_log, &fresh);
}

bool log_keys_publish_next(const char *folder, const struct log_keys *keys, struct error *err)
{
    char path[PATH_TEXT_MAX];
    if (keys->next_day != NULL) {
        day_path(folder, &keys->next_day->verifier, path);
        if (!key_file_write_service(path, keys->next_day, err)) {
            return false;
        }
    }
    if (keys->next_log == NULL) {
        return true;
    }
    next_log_path(folder, &keys->next_log->verifier, path);
    return key_file_write_service(path, keys->next_log, err);
}

static void destroy_day(const char *folder, struct signing_key **key)
{
    char path[PATH_TEXT_MAX];
    day_path(folder, &(*key)->verifier, path);
    destroy(path);
    *key = guarded_free(*key);
}

void log_keys_turn(const char *folder, struct log_keys *keys)
{
    if (keys->next_day != NULL) {
        destroy_day(folder, &keys->day);
        take(&keys->day, &keys->next_day);
        keys->day_lost = false;
    }
    if (keys->next_log != NULL) {
        settle_log(folder, &keys->next_log->verifier);
        take(&keys->log, &keys->next_log);
        keys->log_lost = false;
    }
}

void log_keys_drop_next(const char *folder, struct log_keys *keys)
{
    char path[PATH_TEXT_MAX];
    if (keys->next_day != NULL) {
        destroy_day(folder, &keys->next_day);
    }
    if (keys->next_log != NULL) {
        next_log_path(folder, &keys->next_log->verifier, path);
        destroy(path);
        keys->next_log = guarded_free(keys->next_log);
    }
    if (keys->log_lost || keys->day_lost) {
        log_keys_wipe(keys); /* a lost key signs nothing */
    }
}

void log_keys_remove(const char *folder, struct log_keys *keys)
{
    static const char *const files[] = {LOG_FILE, SYSTEM_FILE};
    char path[PATH_TEXT_MAX];
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        named_path(folder, files[i], path);
        destroy(path);
    }
    if (keys->loaded) {
        destroy_day(folder, &keys->day);
    }
}

void log_keys_wipe(struct log_keys *keys)
{
    guarded_free(keys->log);
    guarded_free(keys->day);
    guarded_free(keys->next_day);
    guarded_free(keys->next_log);
    *keys = (struct log_keys){0};
}
