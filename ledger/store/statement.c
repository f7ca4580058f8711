#include "ledger/store/store_sqlite.h"

#include "ledger/base/alloc.h"
#include "ledger/base/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Failures ------------------------------------------------------------------------------------ */

struct error *statement_failure_begin(struct statement *statement)
{
    struct store *store = statement->store;
    if (store->transaction == TRANSACTION_WRITE) {
        store->spoiled = true;
    }
    if (statement->failure != NULL) {
        return NULL;
    }
    statement->failure = alloc_zeroed(1, sizeof *statement->failure);
    statement->has_row = false;
    return statement->failure;
}

void statement_failure_end(struct statement *statement)
{
    error_limit(statement->failure, _("the statement was: %s"), statement->sql);
}

static void fail_by_database(struct statement *statement, int code)
{
    struct error *failure = statement_failure_begin(statement);
    if (failure != NULL) {
        store_fail(statement->store, code, failure);
        statement_failure_end(statement);
    }
}

/* fact may name the number. */
static void fail_by_use(struct statement *statement, const char *reason, const char *fact,
                        int number)
{
    struct error *failure = statement_failure_begin(statement);
    if (failure != NULL) {
        error_set(failure, FAULT_INTERNAL, reason, fact, number);
        statement_failure_end(statement);
    }
}

/* Preparing ----------------------------------------------------------------------------------- */

static size_t bucket_of(const char *sql)
{
    uint64_t mixed = (uint64_t)(uintptr_t)sql * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(mixed >> 56) % STATEMENT_BUCKETS;
}

/* "$12" as 12; 0 if it is not of that form. */
static int parameter_number(const char *name)
{
    int number = 0;
    if (name == NULL || name[0] != '$' || name[1] == '0' || name[1] == '\0') {
        return 0;
    }
    for (const char *at = name + 1; *at != '\0'; at++) {
        if (*at < '0' || *at > '9' || number > STATEMENT_PARAMETERS_MAX) {
            return 0;
        }
        number = number * 10 + (*at - '0');
    }
    return number <= STATEMENT_PARAMETERS_MAX ? number : 0;
}

/* SQLite numbers $n by first appearance; ours is the number behind the $. */
static bool map_parameters(struct statement *statement)
{
    int count = sqlite3_bind_parameter_count(statement->handle);
    if (count > STATEMENT_PARAMETERS_MAX) {
        return false;
    }
    memset(statement->index, 0, sizeof statement->index);
    for (int i = 1; i <= count; i++) {
        int number = parameter_number(sqlite3_bind_parameter_name(statement->handle, i));
        if (number == 0 || number > count) {
            return false;
        }
        statement->index[number] = (uint8_t)i;
    }
    statement->parameters = (uint8_t)count;
    return true;
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n;")] == '\0';
}

#define INSERT "INSERT INTO "
#define INSERT_IN_SQLITE "INSERT OR FAIL INTO "

/* By default SQLite copies every page that an insert with triggers will change, to be able to undo
 * that insert alone. Here a failed statement leaves nothing but the way back of its whole
 * transaction (store.transaction-failed), so it need not. In PostgreSQL that goes without saying.
 */
static char *text_for_sqlite(const char *sql)
{
    bool inserts = strncmp(sql, INSERT, strlen(INSERT)) == 0;
    const char *begin = inserts ? INSERT_IN_SQLITE : "";
    const char *rest = inserts ? sql + strlen(INSERT) : sql;
    size_t size = strlen(begin) + strlen(rest) + 1;
    char *text = alloc_zeroed(size, 1);

    (void)snprintf(text, size, "%s%s", begin, rest);
    return text;
}

static void statement_prepare(struct statement *statement)
{
    const char *tail = "";
    char *text = text_for_sqlite(statement->sql);
    int code = sqlite3_prepare_v3(statement->store->db, text, -1, SQLITE_PREPARE_PERSISTENT,
                                  &statement->handle, &tail);
    bool trailing = !is_blank(tail);
    free(text);
    if (code != SQLITE_OK) {
        fail_by_database(statement, code);
    } else if (statement->handle == NULL) {
        fail_by_use(statement, "store.sql", _("a statement is empty"), 0);
    } else if (trailing) {
        fail_by_use(statement, "store.sql-trailing", _("text follows the first statement"), 0);
    } else if (!map_parameters(statement)) {
        fail_by_use(statement, "store.parameter-unknown",
                    _("the parameters of a statement are not $1, $2 and so on, at most %d"),
                    STATEMENT_PARAMETERS_MAX);
    } else {
        return;
    }
    sqlite3_finalize(statement->handle);
    statement->handle = NULL;
}

static struct statement *statement_find_idle(struct store *store, const char *sql)
{
    struct statement *statement = store->bucket[bucket_of(sql)];
    while (statement != NULL && (statement->sql != sql || statement->in_use)) {
        statement = statement->next;
    }
    return statement;
}

static struct statement *statement_add(struct store *store, const char *sql)
{
    assert(store->statements < STATEMENTS_MAX);
    store->statements++;
    struct statement *statement = alloc_zeroed(1, sizeof *statement);
    struct statement **bucket = &store->bucket[bucket_of(sql)];
    statement->store = store;
    statement->sql = sql;
    statement->next = *bucket;
    *bucket = statement;
    return statement;
}

struct statement *store_query(struct store *store, const char *sql)
{
    struct statement *statement = statement_find_idle(store, sql);
    if (statement == NULL) {
        statement = statement_add(store, sql);
    }
    statement->in_use = true;
    if (statement->handle == NULL) {
        statement_prepare(statement);
    }
    return statement;
}

void statements_finalize(struct store *store)
{
    for (size_t i = 0; i < STATEMENT_BUCKETS; i++) {
        while (store->bucket[i] != NULL) {
            struct statement *statement = store->bucket[i];
            store->bucket[i] = statement->next;
            sqlite3_finalize(statement->handle);
            free(statement->failure);
            free(statement);
        }
    }
    store->statements = 0;
}

/* Binding ------------------------------------------------------------------------------------- */

/* SQLite's number of the parameter; 0 if it may not be bound now. */
static int bind_begin(struct statement *statement, int parameter)
{
    assert(statement->in_use);
    if (statement->failure != NULL) {
        return 0;
    }
    if (statement->stepped) {
        fail_by_use(statement, "store.parameter-late",
                    _("parameter $%d is bound while the statement runs"), parameter);
        return 0;
    }
    if (parameter < 1 || parameter > statement->parameters) {
        fail_by_use(statement, "store.parameter-unknown", _("the statement has no parameter $%d"),
                    parameter);
        return 0;
    }
    statement->bound |= UINT64_C(1) << (parameter - 1);
    return statement->index[parameter];
}

static void bind_end(struct statement *statement, int code)
{
    if (code != SQLITE_OK) {
        fail_by_database(statement, code);
    }
}

void bind_int(struct statement *statement, int parameter, int64_t value)
{
    int index = bind_begin(statement, parameter);
    if (index != 0) {
        bind_end(statement, sqlite3_bind_int64(statement->handle, index, value));
    }
}

void bind_bool(struct statement *statement, int parameter, bool value)
{
    bind_int(statement, parameter, value ? 1 : 0);
}

void bind_text(struct statement *statement, int parameter, const char *value)
{
    assert(value != NULL);
    bind_text_n(statement, parameter, value, strlen(value));
}

void bind_text_n(struct statement *statement, int parameter, const char *value, size_t length)
{
    assert(value != NULL);
    int index = bind_begin(statement, parameter);
    if (index != 0) {
        bind_end(statement, sqlite3_bind_text64(statement->handle, index, value, length,
                                                SQLITE_TRANSIENT, SQLITE_UTF8));
    }
}

void bind_blob(struct statement *statement, int parameter, const void *bytes, size_t length)
{
    assert(bytes != NULL || length == 0);
    int index = bind_begin(statement, parameter);
    if (index != 0) {
        /* SQLite takes a null pointer for NULL, which an empty blob is not. */
        bind_end(statement,
                 sqlite3_bind_blob64(statement->handle, index, bytes == NULL ? "" : bytes, length,
                                     SQLITE_TRANSIENT));
    }
}

void bind_null(struct statement *statement, int parameter)
{
    int index = bind_begin(statement, parameter);
    if (index != 0) {
        bind_end(statement, sqlite3_bind_null(statement->handle, index));
    }
}

void bind_money(struct statement *statement, int parameter, struct money value)
{
    bind_int(statement, parameter, money_fen(value));
}

void bind_rate(struct statement *statement, int parameter, struct rate value)
{
    bind_int(statement, parameter, value.ppm);
}

void bind_date(struct statement *statement, int parameter, struct date value)
{
    bind_int(statement, parameter, value.day);
}

void bind_sha256(struct statement *statement, int parameter, const struct sha256 *value)
{
    bind_blob(statement, parameter, value->byte, sizeof value->byte);
}

/* Running ------------------------------------------------------------------------------------- */

static bool all_bound(struct statement *statement)
{
    uint64_t unbound = ~statement->bound;
    for (int number = 1; number <= statement->parameters; number++, unbound >>= 1) {
        if ((unbound & 1) != 0) {
            fail_by_use(statement, "store.parameter-unbound", _("parameter $%d has no value"),
                        number);
            return false;
        }
    }
    return true;
}

bool statement_row(struct statement *statement)
{
    assert(statement->in_use);
    if (statement->failure != NULL || (statement->stepped && !statement->has_row)) {
        return false;
    }
    if (!statement->stepped && !all_bound(statement)) {
        return false;
    }
    statement->stepped = true;
    int code = sqlite3_step(statement->handle);
    statement->has_row = code == SQLITE_ROW;
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        fail_by_database(statement, code);
    }
    return statement->has_row;
}

bool statement_one(struct statement *statement)
{
    statement->single = true;
    return statement_row(statement);
}

/* Ready for the next store_query(). */
static void statement_give_back(struct statement *statement)
{
    if (statement->stepped) {
        sqlite3_reset(statement->handle); /* its result is the failure that was seen already */
    }
    free(statement->failure);
    statement->failure = NULL;
    statement->bound = 0;
    statement->stepped = false;
    statement->has_row = false;
    statement->single = false;
    statement->in_use = false;
}

bool statement_end(struct statement *statement, struct error *err)
{
    if (!statement->in_use) {
        return true;
    }
    if (statement->single && statement->has_row && statement_row(statement)) {
        fail_by_use(statement, "store.second-row", _("a query of one row found a second one"), 0);
    }
    bool ok = statement->failure == NULL;
    if (!ok) {
        *err = *statement->failure;
    }
    statement_give_back(statement);
    return ok;
}

bool statement_run(struct statement *statement, struct error *err)
{
    if (statement_row(statement)) {
        fail_by_use(statement, "store.unexpected-row",
                    _("a statement that should return nothing returned a row"), 0);
    }
    if (statement->failure == NULL) {
        statement->store->changes = sqlite3_changes64(statement->store->db);
    }
    return statement_end(statement, err);
}

void statement_release(struct statement **statement)
{
    if (*statement != NULL && (*statement)->in_use) {
        statement_give_back(*statement);
    }
}

bool statement_numbers(struct statement *statement, struct arena *arena, int64_t **ret,
                       size_t *ret_count, struct error *err)
{
    size_t capacity = 0;

    *ret = NULL;
    *ret_count = 0;
    while (statement_row(statement)) {
        *ret = arena_grow(arena, *ret, *ret_count, &capacity, sizeof **ret);
        (*ret)[(*ret_count)++] = column_int(statement, 0);
    }
    return statement_end(statement, err);
}

bool store_read_int(struct store *store, const char *sql, int64_t *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(store, sql);
    if (statement_one(query)) {
        *ret = column_int(query, 0);
    }
    return statement_end(query, err);
}
