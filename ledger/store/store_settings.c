#include "ledger/store/store_sqlite.h"

#include "ledger/base/text.h"

#include <string.h>

/* SQLite ignores a pragma it does not know, without a word; so each one is read back. */
struct setting {
    const char *set; /* NULL: only looked at */
    const char *get;
    const char *want;
};

static const struct setting on_create[] = {
    {"PRAGMA page_size = 4096", "PRAGMA page_size", "4096"},
    {"PRAGMA auto_vacuum = NONE", "PRAGMA auto_vacuum", "0"},
    {"PRAGMA encoding = 'UTF-8'", "PRAGMA encoding", "UTF-8"},
    /* Before the write-ahead log begins, so that it stands in the file itself from the start. */
    {"PRAGMA application_id = 1497582663", "PRAGMA application_id", "1497582663"},
};

static const struct setting on_every_open[] = {
    {NULL, "PRAGMA page_size", "4096"},
    {NULL, "PRAGMA encoding", "UTF-8"},
    {"PRAGMA foreign_keys = ON", "PRAGMA foreign_keys", "1"},
    {"PRAGMA recursive_triggers = ON", "PRAGMA recursive_triggers", "1"},
    {"PRAGMA trusted_schema = OFF", "PRAGMA trusted_schema", "0"},
    {"PRAGMA cell_size_check = ON", "PRAGMA cell_size_check", "1"},
    {"PRAGMA ignore_check_constraints = OFF", "PRAGMA ignore_check_constraints", "0"},
    /* With a mapped file an I/O error would be a signal. */
    {"PRAGMA mmap_size = 0", "PRAGMA mmap_size", "0"},
    {"PRAGMA cache_size = -16384", "PRAGMA cache_size", "-16384"},
};

static const struct setting on_open_for_writing[] = {
    {"PRAGMA journal_mode = WAL", "PRAGMA journal_mode", "wal"},
    {"PRAGMA synchronous = FULL", "PRAGMA synchronous", "2"},
    {"PRAGMA locking_mode = NORMAL", "PRAGMA locking_mode", "normal"},
    {"PRAGMA query_only = OFF", "PRAGMA query_only", "0"},
    /* Personal data that is forgotten must leave the pages too. */
    {"PRAGMA secure_delete = ON", "PRAGMA secure_delete", "1"},
    /* transaction_commit() runs the checkpoints itself, to see when one fails. */
    {"PRAGMA wal_autocheckpoint = 0", "PRAGMA wal_autocheckpoint", "0"},
    /* What the log may keep on the disk after bulk work: the length it is checkpointed at. */
    {"PRAGMA journal_size_limit = 67108864", "PRAGMA journal_size_limit", "67108864"},
};

/* Who loses the rows makes them again. The journal stays in memory, so that a statement that fails
 * half way is still taken back; of pages that the transaction added it keeps nothing. References
 * and guards are off: what is written here is compared, row by row, with tables that have them. */
static const struct setting on_open_for_scratch[] = {
    {"PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys", "0"},
    {"PRAGMA journal_mode = MEMORY", "PRAGMA journal_mode", "memory"},
    {"PRAGMA synchronous = OFF", "PRAGMA synchronous", "0"},
    {"PRAGMA locking_mode = EXCLUSIVE", "PRAGMA locking_mode", "exclusive"},
    /* No personal data is written here, and the file is removed. */
    {"PRAGMA secure_delete = OFF", "PRAGMA secure_delete", "0"},
    {"PRAGMA query_only = OFF", "PRAGMA query_only", "0"},
};

static const struct setting on_open_for_reading[] = {
    {"PRAGMA query_only = ON", "PRAGMA query_only", "1"},
};

struct switch_setting {
    int which;
    int want;
    const char *name; /* for the message */
};

static const struct switch_setting switches[] = {
    {SQLITE_DBCONFIG_DEFENSIVE, 1, "defensive"},
    {SQLITE_DBCONFIG_DQS_DML, 0, "dqs_dml"},
    {SQLITE_DBCONFIG_DQS_DDL, 0, "dqs_ddl"},
    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, "trusted_schema"},
    {SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0, "writable_schema"},
    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, "enable_trigger"},
    {SQLITE_DBCONFIG_ENABLE_FKEY, 1, "enable_fkey"},
    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, "enable_load_extension"},
    {SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0, "enable_fts3_tokenizer"},
    {SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 0, "legacy_alter_table"},
};

static const struct switch_setting scratch_switches[] = {
    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, "enable_trigger"},
};

struct limit_setting {
    int which;
    int most;
    const char *name;
};

/* A book made by an attacker gets no more than the program itself needs. */
static const struct limit_setting limits[] = {
    {SQLITE_LIMIT_LENGTH, 16 << 20, "length"},
    {SQLITE_LIMIT_SQL_LENGTH, 1 << 20, "sql_length"},
    {SQLITE_LIMIT_COLUMN, 100, "column"},
    {SQLITE_LIMIT_EXPR_DEPTH, 100, "expr_depth"},
    {SQLITE_LIMIT_COMPOUND_SELECT, 50, "compound_select"},
    {SQLITE_LIMIT_FUNCTION_ARG, 32, "function_arg"},
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200, "like_pattern_length"},
    {SQLITE_LIMIT_VARIABLE_NUMBER, STATEMENT_PARAMETERS_MAX, "variable_number"},
    {SQLITE_LIMIT_TRIGGER_DEPTH, 10, "trigger_depth"},
    {SQLITE_LIMIT_WORKER_THREADS, 0, "worker_threads"},
};

static bool refuse_setting(const struct store *store, const char *name, const char *want,
                           const char *got, struct error *err)
{
    return error_set(err, FAULT_STORE, "store.setting",
                     _("the database of “%s” does not take a setting: %s is %s, not %s"),
                     store->path, name, got, want);
}

static bool check_setting(struct store *store, const struct setting *setting, struct error *err)
{
    sqlite3_stmt *query = NULL;
    int code = sqlite3_prepare_v2(store->db, setting->get, -1, &query, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_step(query);
    }
    bool ok = code == SQLITE_ROW || code == SQLITE_DONE;
    if (!ok) {
        store_fail(store, code, err);
    } else {
        const unsigned char *column = code == SQLITE_ROW ? sqlite3_column_text(query, 0) : NULL;
        const char *got = column == NULL ? _("unknown") : (const char *)column;
        ok = strcmp(got, setting->want) == 0 ||
             refuse_setting(store, setting->get, setting->want, got, err);
    }
    sqlite3_finalize(query);
    return ok;
}

static bool make_settings(struct store *store, const struct setting *settings, size_t count,
                          struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        if ((settings[i].set != NULL && !store_run_own(store, settings[i].set, err)) ||
            !check_setting(store, &settings[i], err)) {
            return false;
        }
    }
    return true;
}

static bool make_switches(struct store *store, const struct switch_setting *list, size_t count,
                          struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        int got = -1;
        sqlite3_db_config(store->db, list[i].which, list[i].want, &got);
        if (got != list[i].want) {
            return refuse_setting(store, list[i].name, list[i].want == 0 ? "0" : "1",
                                  got == 0 ? "0" : "1", err);
        }
    }
    return true;
}

static bool make_limits(struct store *store, struct error *err)
{
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        sqlite3_limit(store->db, limits[i].which, limits[i].most);
        if (sqlite3_limit(store->db, limits[i].which, -1) != limits[i].most) {
            return refuse_setting(store, limits[i].name, _("the limit"), _("another"), err);
        }
    }
    return true;
}

bool store_set_on_create(struct store *store, struct error *err)
{
    /* The first setting of a new file writes it: what syncs that must be off before. */
    bool scratch = store->mode == STORE_SCRATCH;
    return (!scratch ||
            make_settings(store, on_open_for_scratch, COUNT_OF(on_open_for_scratch), err)) &&
           make_settings(store, on_create, COUNT_OF(on_create), err);
}

bool store_set_on_open(struct store *store, struct error *err)
{
    if (!make_switches(store, switches, COUNT_OF(switches), err) || !make_limits(store, err) ||
        !make_settings(store, on_every_open, COUNT_OF(on_every_open), err)) {
        return false;
    }
    if (store->mode == STORE_READ_ONLY) {
        return make_settings(store, on_open_for_reading, COUNT_OF(on_open_for_reading), err);
    }
    if (store->mode == STORE_SCRATCH) {
        return make_switches(store, scratch_switches, COUNT_OF(scratch_switches), err) &&
               make_settings(store, on_open_for_scratch, COUNT_OF(on_open_for_scratch), err);
    }
    return make_settings(store, on_open_for_writing, COUNT_OF(on_open_for_writing), err);
}
