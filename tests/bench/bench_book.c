#include "tests/bench/bench_book.h"

#include "cli/service/book_check.h"
#include "cli/service/book_init.h"
#include "cli/service/key_ring.h"
#include "cli/service/project.h"
#include "ledger/audit/log_source.h"
#include "tests/bench/raw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ADMIN "chen.admin"

static char *read_file(const char *path, size_t *ret_length)
{
    FILE *file = fopen(path, "r");
    char *bytes = malloc((size_t)1 << 20);
    if (file == NULL || bytes == NULL) {
        bench_fail("%s cannot be read", path);
    }
    *ret_length = fread(bytes, 1, (size_t)1 << 20, file);
    fclose(file);
    return bytes;
}

struct date bench_date(const char *text)
{
    struct error err = {0};
    struct date date = {0};
    bench_ok(date_parse(text, &date, &err), &err);
    return date;
}

void bench_act(struct office *office, const char *as, const char *type, struct canon *request,
               struct act_result *ret)
{
    struct error err = {0};
    struct act_options options = {.as = as, .command = uuid_random()};
    bench_ok_at(act(office, &options, type, request, ret, &err), &err, type);
}

static void hire(struct office *office, const char *staff, const char *role)
{
    struct error err = {0};
    struct new_key key;
    struct act_result done;
    struct canon *request = canon_object(&office->arena);

    bench_ok(staff_key_create(&office->arena, office->facts.origin, staff, NULL, &key, &err), &err);
    canon_set_text(request, "actor", staff);
    canon_set_text(request, "role", role);
    canon_set_text(request, "office", "Xinhe");
    canon_set_text(request, "vkey", key.vkey);
    canon_set_text(request, "pop", key.proof);
    bench_act(office, ADMIN, "key.add", request, &done);
}

/* Keys and sessions of the bench are its own; each book finds its people's by its origin. */
static void set_surroundings(struct bench *bench)
{
    char *keys = bench_path(bench, "keys");
    char *run = bench_path(bench, "run");
    (void)mkdir(run, 0700);
    setenv("YICANG_KEYS", keys, 1);
    setenv("XDG_RUNTIME_DIR", run, 1);
    unsetenv("YICANG_SERVICE_KEYS");
    free(keys);
    free(run);
}

void bench_book_open(struct bench *bench, const char *name, const char *opening_day,
                     struct office *ret)
{
    static const char *const admins[] = {ADMIN};
    struct error err = {0};
    char origin[40];
    size_t length = 0;
    char *policy = read_file(BENCH_SOURCE_DIR "/rules/policies/county-pilot.yaml", &length);
    char *folder = bench_path(bench, "%s", name);
    struct book_request request = {.folder = folder,
                                   .origin = origin,
                                   .name = "bench",
                                   .office = "Xinhe",
                                   .opening_day = bench_date(opening_day),
                                   .policy_file = "county-pilot.yaml",
                                   .policy_bytes = policy,
                                   .policy_length = length,
                                   .admin = admins,
                                   .admins = 1,
                                   .quorum = 1};

    set_surroundings(bench);
    snprintf(origin, sizeof origin, "demo.invalid/ledger-be7c40%02x", bench->books++);
    bench_ok(book_init(&request, ret, &err), &err);
    hire(ret, BENCH_CLERK, "clerk");
    hire(ret, BENCH_APPROVER, "approver");
    free(folder);
    free(policy);
}

void bench_book_end(struct office *office)
{
    struct error err = {0};
    bench_ok(office_close(office, &err), &err);
}

void bench_book_reopen(struct office *office)
{
    struct error err = {0};
    char *folder = strdup(office->folder);
    bench_book_end(office);
    bench_ok(office_open(folder, STORE_WRITE, office, &err), &err);
    free(folder);
}

void bench_close_through(struct office *office, const char *last_day)
{
    struct date last = bench_date(last_day);
    while (date_compare(office->day, last) <= 0) {
        struct act_result done;
        arena_reset(&office->arena);
        bench_act(office, BENCH_CLERK, "day.close", canon_object(&office->arena), &done);
    }
}

/* Loans through the door -------------------------------------------------------------------------
 */

/* An area, a birthday and an order number that differ, and the check digit of GB 11643. */
static void identity_number(int64_t household, char ret[static 19])
{
    static const char pattern[] = "510000199001010000";
    static const int weight[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    static const size_t digits[] = {16, 15, 14, 5, 4, 3}; /* those that count households */
    int sum = 0;
    memcpy(ret, pattern, sizeof pattern);
    for (size_t i = 0; i < sizeof digits / sizeof digits[0]; i++) {
        ret[digits[i]] = (char)('0' + household % 10);
        household /= 10;
    }
    for (size_t i = 0; i < 17; i++) {
        sum += (ret[i] - '0') * weight[i];
    }
    ret[17] = "10X98765432"[sum % 11];
}

static void add_household(struct office *office, int64_t household, const char *status)
{
    struct error err = {0};
    struct act_options options = {.as = BENCH_CLERK, .command = uuid_random()};
    struct act_result done;
    char number[19];
    struct personal_data person = {{"示例户1", number, NULL, NULL}};
    struct canon *request = canon_object(&office->arena);
    struct canon *persons = canon_array(&office->arena);
    struct canon *head = canon_object(&office->arena);

    identity_number(household, number);
    canon_set_text(head, "relation", "head");
    canon_add(persons, head);
    canon_set_text(request, "area_code", "510000");
    canon_set_text(request, "village", "新河村1组");
    canon_set_text(request, "status", status);
    canon_set(request, "persons", persons);
    bench_ok(act_with_persons(office, &options, "household.add", request, &person, 1, &done, &err),
             &err);
}

static void apply(struct office *office, int64_t household, int months, struct act_result *ret)
{
    struct canon *request = canon_object(&office->arena);
    canon_set_int(request, "household", household);
    canon_set_int(request, "borrower", household);
    canon_set_text(request, "product", "household");
    canon_set_text(request, "purpose", "breeding");
    canon_set_int(request, "amount_fen", 5000000);
    canon_set_int(request, "rate_ppm", 43500);
    canon_set_int(request, "term_months", months);
    canon_set_int(request, "age", 40);
    bench_act(office, BENCH_CLERK, "loan.apply", request, ret);
}

void bench_loan_of(struct office *office, int64_t number, const char *household_status, int months)
{
    struct act_result applied;
    struct act_result done;

    arena_reset(&office->arena);
    struct canon *approval = canon_object(&office->arena);
    struct canon *payout = canon_object(&office->arena);
    add_household(office, number, household_status);
    apply(office, number, months, &applied);
    canon_set_int(approval, "loan", number);
    canon_set_int(approval, "amount_fen", 5000000);
    canon_set_int(approval, "age", 40);
    canon_set_int(approval, "of_seq", (int64_t)applied.seq);
    canon_set_sha256(approval, "of_leaf", &applied.leaf_hash);
    bench_act(office, BENCH_APPROVER, "loan.approve", approval, &done);
    canon_set_int(payout, "loan", number);
    canon_set_int(payout, "amount_fen", 5000000);
    bench_act(office, BENCH_CLERK, "loan.disburse", payout, &done);
}

void bench_loan(struct office *office, const char *household_status)
{
    bench_loan_of(office, 1, household_status, 12);
}

void bench_arrears(struct office *office)
{
    bench_loan_of(office, 1, "none", 1);
    bench_close_through(office, "2016-12-20");
}

#define PAYMENTS_A_TRANSACTION 2000
#define COUNTY_PAID_FEN 30000
#define COUNTY_ROUND_DAYS 10
#define COUNTY_EVENTS_A_LOAN (4 + BENCH_COUNTY_ROUNDS)

void bench_pay(struct office *office, int64_t loan, int64_t fen)
{
    struct act_result done;
    arena_reset(&office->arena);
    struct canon *request = canon_object(&office->arena);
    canon_set_int(request, "loan", loan);
    canon_set_int(request, "amount_fen", fen);
    bench_act(office, BENCH_CLERK, "loan.repay", request, &done);
}

/* The loan's plan asks nothing of the event's number, so that the tip need not be loaded for it. */
static void pay_unseen(struct office *office, int64_t loan, int64_t fen)
{
    struct error err = {0};
    struct log_tip tip;
    const struct use_case *use_case = use_case_find("loan.repay");
    arena_reset(&office->arena);
    struct canon *request = canon_object(&office->arena);
    AUTO_PLANNING planning = {.store = office->store,
                              .policies = office->policies,
                              .origin = office->facts.origin,
                              .actor = BENCH_CLERK,
                              .role = ROLE_CLERK,
                              .day = office->day,
                              .at = clock_now()};
    canon_set_int(request, "loan", loan);
    canon_set_int(request, "amount_fen", fen);
    planning_init(&planning, &office->arena);
    bench_ok(use_case->plan(&planning, request, &err), &err);
    struct event_draft draft = {.type = use_case->type,
                                .actor = planning.actor,
                                .role = role_word(planning.role),
                                .at = planning.at,
                                .cmd = uuid_random(),
                                .body = planned_body(use_case, &planning, request),
                                .signers = 1};
    bench_ok(key_ring_get(office->keys, BENCH_CLERK, NULL, &draft.signer[0], &err), &err);
    bench_ok(log_append(office->store, planning.origin, &draft, &tip, &err), &err);
    struct recorded event = {.use_case = use_case,
                             .seq = tip.size - 1,
                             .actor = draft.actor,
                             .role = draft.role,
                             .origin = planning.origin,
                             .at = draft.at,
                             .body = draft.body};
    bench_ok(project_event(office->store, &office->arena, &event, &err), &err);
}

void bench_pay_all(struct office *office, int64_t loans, int64_t fen)
{
    struct error err = {0};
    for (int64_t loan = 1; loan < loans;) {
        AUTO_TRANSACTION transaction = {0};
        bench_ok(transaction_begin(office->store, &transaction, &err), &err);
        for (int i = 0; i < PAYMENTS_A_TRANSACTION && loan < loans; i++) {
            pay_unseen(office, loan++, fen);
        }
        bench_ok(transaction_commit(&transaction, &err), &err);
    }
    bench_pay(office, loans, fen); /* at the door, which signs the head over them all */
}

void bench_pass_days(struct office *office, int days)
{
    for (int i = 0; i < days; i++) {
        struct act_result done;
        arena_reset(&office->arena);
        bench_act(office, BENCH_CLERK, "day.close", canon_object(&office->arena), &done);
    }
}

void bench_county(struct office *office, size_t events)
{
    int64_t loans = (int64_t)(events / COUNTY_EVENTS_A_LOAN);
    for (int64_t loan = 1; loan <= loans; loan++) {
        bench_loan_of(office, loan, loan % 3 == 0 ? "registered" : "none", 12);
        bench_pass_days(office, loan % (loans / COUNTY_ROUND_DAYS + 1) == 0 ? 1 : 0);
    }
    for (int round = 0; round < BENCH_COUNTY_ROUNDS; round++) {
        bench_pass_days(office, COUNTY_ROUND_DAYS);
        for (int64_t loan = 1; loan <= loans; loan++) {
            bench_pay(office, loan, COUNTY_PAID_FEN);
        }
    }
}

/* Many loans -------------------------------------------------------------------------------------
 */

/* The columns of a table, with what each is in copy k.i of a row of the old table; free() it. Old
 * row n of the journal becomes rows (n-1)*?1+1 to n*?1, so the order of the days is kept. */
static char *columns_of(sqlite3 *db, const char *table, bool values)
{
    char *list = NULL;
    sqlite3_stmt *query = raw_prepare(
        db, values ? "SELECT group_concat(CASE"
                     " WHEN name = 'loan_id' OR (?1 = 'loan' AND name = 'id') THEN name || ' + k.i'"
                     " WHEN (?1 = 'entry' AND name IN ('id', 'no')) OR name = 'entry_id'"
                     " OR (?1 = 'repayment' AND name = 'id')"
                     " THEN '(' || name || ' - 1) * ?1 + 1 + k.i'"
                     " ELSE name END) FROM pragma_table_info(?1)"
                   : "SELECT group_concat(name) FROM pragma_table_info(?1)");
    sqlite3_bind_text(query, 1, table, -1, SQLITE_STATIC);
    if (sqlite3_step(query) != SQLITE_ROW || sqlite3_column_text(query, 0) == NULL) {
        bench_fail("there is no table %s", table);
    }
    list = strdup((const char *)sqlite3_column_text(query, 0));
    sqlite3_finalize(query);
    return list;
}

static void multiply_table(sqlite3 *db, const char *table, int64_t times)
{
    char *names = columns_of(db, table, false);
    char *values = columns_of(db, table, true);
    char *sql = NULL;

    if (asprintf(&sql, "CREATE TEMP TABLE old_%s AS SELECT * FROM main.%s; DELETE FROM main.%s;",
                 table, table, table) < 0) {
        bench_fail("out of memory");
    }
    raw_run(db, sql);
    free(sql);
    if (asprintf(&sql,
                 "WITH RECURSIVE k (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM k WHERE i + 1 < ?1)"
                 " INSERT INTO main.%s (%s) SELECT %s FROM (SELECT * FROM old_%s ORDER BY rowid)"
                 " CROSS JOIN k",
                 table, names, values, table) < 0) {
        bench_fail("out of memory");
    }
    raw_run_with(db, sql, times);
    free(sql);
    free(names);
    free(values);
}

/* The statements that make the triggers again; free() it. */
static char *trigger_texts(sqlite3 *db)
{
    sqlite3_stmt *query =
        raw_prepare(db, "SELECT group_concat(sql, ';') FROM sqlite_schema WHERE type = 'trigger'");
    if (sqlite3_step(query) != SQLITE_ROW || sqlite3_column_text(query, 0) == NULL) {
        bench_fail("the book has no triggers");
    }
    char *texts = strdup((const char *)sqlite3_column_text(query, 0));
    sqlite3_finalize(query);
    return texts;
}

static void multiply(sqlite3 *db, int64_t loans)
{
    static const char *const tables[] = {"loan",        "loan_approval",   "loan_contract",
                                         "loan_status", "loan_overdue",    "loan_class",
                                         "loan_state",  "loan_settlement", "loan_balance",
                                         "repayment",   "entry",           "line"};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        multiply_table(db, tables[i], loans);
    }
    raw_run_with(db, "UPDATE closed_day SET last_entry = last_entry * ?1", loans);
    raw_run_with(db, "UPDATE balance SET debit_fen = debit_fen * ?1, credit_fen = credit_fen * ?1",
                 loans);
    raw_run_with(
        db, "UPDATE period_balance SET debit_fen = debit_fen * ?1, credit_fen = credit_fen * ?1",
        loans);
}

void bench_multiply(struct office *office, int64_t loans, const char *change)
{
    struct error err = {0};
    char *path = strdup(office->store_path);
    char *folder = strdup(office->folder);

    bench_book_end(office);
    sqlite3 *db = raw_open(path);
    char *triggers = trigger_texts(db);
    raw_run(db, "BEGIN");
    raw_drop_triggers(db);
    multiply(db, loans);
    if (change != NULL) {
        raw_run(db, change);
    }
    raw_run(db, triggers);
    raw_run(db, "COMMIT");
    raw_run(db, "PRAGMA wal_checkpoint(TRUNCATE)");
    raw_close(db);
    bench_ok(office_open(folder, STORE_WRITE, office, &err), &err);
    free(triggers);
    free(path);
    free(folder);
}

static void report(const struct findings *findings, const char *who)
{
    if (findings->total > 0) {
        bench_fail("%s finds: %s %s", who, findings->list[0].code, findings->list[0].text);
    }
}

void bench_check_book(struct office *office)
{
    struct error err = {0};
    struct findings findings;
    struct verify_summary summary;
    struct log_source source = log_source_of_book(office->store);
    struct verify_request request = {.source = &source};

    findings_init(&findings);
    bench_ok(book_check(office, &findings, &err), &err);
    report(&findings, "book check");
    bench_ok(log_verify(&request, &findings, &summary, &err), &err);
    report(&findings, "the log");
    bench_same("events verified", (int64_t)summary.events, (int64_t)office->tip.size);
    findings_release(&findings);
}
