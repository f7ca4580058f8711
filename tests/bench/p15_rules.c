/* P15: conditions of a policy, once they are parsed; claims decided with a trace; the load of a
 * shipped policy. The baseline asks SQLite the same conditions as prepared statements over bound
 * values. */
#include "ledger/base/alloc.h"
#include "rules/decision.h"
#include "tests/bench/bench.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POLICY BENCH_SOURCE_DIR "/rules/policies/county-pilot.yaml"
#define CONDITIONS 3
#define FACTS 6

enum { AMOUNT, LIMIT, BALANCE, APPROVED, AGE, PURPOSE };

static const char *const purpose_words[] = {"planting", "breeding", "trade", "wedding", "housing"};
static const struct word_list purposes = {"purpose", purpose_words, 5, NULL};

static const struct symbol symbols[FACTS] = {
    [AMOUNT] = {.name = "amount", .kind = VALUE_MONEY},
    [LIMIT] = {.name = "household_limit", .kind = VALUE_MONEY},
    [BALANCE] = {.name = "household_balance", .kind = VALUE_MONEY},
    [APPROVED] = {.name = "household_approved", .kind = VALUE_MONEY},
    [AGE] = {.name = "applicant_age", .kind = VALUE_YEARS},
    [PURPOSE] = {.name = "purpose", .kind = VALUE_WORD, .words = &purposes},
};
static const struct symbol_table table = {symbols, FACTS};

static const struct {
    const char *text;
    const char *sql;
    int bound[4]; /* facts, in the order of the parameters; -1 ends */
} conditions[CONDITIONS] = {
    {"amount <= household_limit - household_balance - household_approved",
     "SELECT $1 <= $2 - $3 - $4",
     {AMOUNT, LIMIT, BALANCE, APPROVED}},
    {"applicant_age between 18 and 65", "SELECT $1 BETWEEN 18 AND 65", {AGE, -1, -1, -1}},
    {"purpose not in (wedding, housing)", "SELECT $1 NOT IN (3, 4)", {PURPOSE, -1, -1, -1}},
};

/* Cases that differ; every second is refused by one of the conditions or another. */
static void make_case(int64_t number, struct fact facts[FACTS])
{
    const int64_t values[FACTS] = {[AMOUNT] = 1000000 + number % 7 * 1000000,
                                   [LIMIT] = 5000000,
                                   [BALANCE] = number % 3 * 500000,
                                   [APPROVED] = number % 2 * 500000,
                                   [AGE] = 15 + number % 60,
                                   [PURPOSE] = number % 5};
    for (size_t i = 0; i < FACTS; i++) {
        facts[i] = (struct fact){true, {symbols[i].kind, values[i], symbols[i].words}, NULL};
    }
}

static int64_t ask_policy(struct arena *arena, int64_t cases, struct timings *timings)
{
    const struct expression *compiled[CONDITIONS];
    struct error err = {0};
    int64_t held = 0;
    for (size_t i = 0; i < CONDITIONS; i++) {
        size_t at = 0;
        bench_ok(expression_compile(arena, conditions[i].text, &table, VALUE_TRUTH, &compiled[i],
                                    &at, &err),
                 &err);
    }
    int64_t start = nanoseconds();
    for (int64_t number = 0; number < cases; number++) {
        struct fact facts[FACTS];
        make_case(number, facts);
        for (size_t i = 0; i < CONDITIONS; i++) {
            struct value value;
            bench_ok(expression_evaluate(compiled[i], facts, NULL, &value, &err), &err);
            held += value_truth(value) ? 1 : 0;
        }
    }
    timings_add(timings, nanoseconds() - start);
    return held;
}

static int64_t ask_sqlite(sqlite3 *db, int64_t cases, struct timings *timings)
{
    sqlite3_stmt *statement[CONDITIONS];
    int64_t held = 0;
    for (size_t i = 0; i < CONDITIONS; i++) {
        if (sqlite3_prepare_v2(db, conditions[i].sql, -1, &statement[i], NULL) != SQLITE_OK) {
            bench_fail("%s", sqlite3_errmsg(db));
        }
    }
    int64_t start = nanoseconds();
    for (int64_t number = 0; number < cases; number++) {
        struct fact facts[FACTS];
        make_case(number, facts);
        for (size_t i = 0; i < CONDITIONS; i++) {
            for (int p = 0; p < 4 && conditions[i].bound[p] >= 0; p++) {
                sqlite3_bind_int64(statement[i], p + 1, facts[conditions[i].bound[p]].value.number);
            }
            if (sqlite3_step(statement[i]) != SQLITE_ROW) {
                bench_fail("%s", sqlite3_errmsg(db));
            }
            held += sqlite3_column_int64(statement[i], 0);
            sqlite3_reset(statement[i]);
        }
    }
    timings_add(timings, nanoseconds() - start);
    for (size_t i = 0; i < CONDITIONS; i++) {
        sqlite3_finalize(statement[i]);
    }
    return held;
}

/* Rounds in turn, so that both meet the same machine. */
static void conditions_beside_sqlite(struct bench *bench, struct arena *arena)
{
    int64_t cases = bench->smoke ? 100 : 200000;
    size_t rounds = bench->smoke ? 2 : 10;
    struct timings ours = {0};
    struct timings raw = {0};
    sqlite3 *db = NULL;
    if (sqlite3_open(":memory:", &db) != SQLITE_OK) {
        bench_fail("%s", sqlite3_errmsg(db));
    }
    for (size_t i = 0; i < rounds; i++) {
        int64_t held = ask_policy(arena, cases, &ours);
        bench_same("conditions that hold", held, ask_sqlite(db, cases, &raw));
    }
    size_t asked = rounds * CONDITIONS * (size_t)cases;
    bench_line("conditions", &ours, asked, "conditions");
    bench_line("SQLite expressions", &raw, asked, "conditions");
    bench_judge(bench, (double)raw.total / (double)ours.total, 1.25, 1);
    sqlite3_close(db);
    timings_release(&ours);
    timings_release(&raw);
}

static char *read_policy(size_t *ret_length)
{
    FILE *file = fopen(POLICY, "rb");
    char *bytes = alloc_zeroed(POLICY_BYTES_MAX, 1);
    if (file == NULL) {
        bench_fail("%s cannot be read", POLICY);
    }
    *ret_length = fread(bytes, 1, POLICY_BYTES_MAX, file);
    fclose(file);
    return bytes;
}

static void decide_claims(const struct policy *policy, struct arena *arena, int64_t claims,
                          struct timings *timings)
{
    struct governing_days days;
    struct error err = {0};
    struct date on;
    int64_t passed = 0;
    bench_ok(date_parse("2018-01-18", &on, &err), &err);
    for (size_t i = 0; i < GOVERNING_DATE_COUNT; i++) {
        days.of[i] = on;
    }
    for (int64_t number = 0; number < claims; number++) {
        struct case_facts facts = {0};
        struct decision decision;
        int64_t start = nanoseconds();
        case_set_count(&facts, FACT_DAYS_OVERDUE, 80 + number % 20);
        case_set_count(&facts, FACT_COLLECTION_NOTICES, 2);
        case_set_money(&facts, FACT_COVERED_UNPAID, money_from_fen(1 + number));
        bench_ok(policy_decide(policy, arena, DECISION_CLAIM, &days, on, &facts, &decision, &err),
                 &err);
        passed += decision.outcome == OUTCOME_PASS ? 1 : 0;
        arena_reset(arena);
        timings_add(timings, nanoseconds() - start);
    }
    bench_same("claims that pass", passed, claims / 2);
}

void bench_rules(struct bench *bench)
{
    AUTO_ARENA arena;
    struct timings loads = {0};
    struct timings claims = {0};
    struct error err = {0};
    size_t length = 0;
    size_t rounds = bench->smoke ? 2 : 50;
    int64_t count = bench->smoke ? 100 : 100000;
    char *bytes = read_policy(&length);
    struct policy *policy = NULL;
    arena_init(&arena, ARENA_LIMIT_COMMAND);
    conditions_beside_sqlite(bench, &arena);
    for (size_t i = 0; i < rounds; i++) {
        int64_t start = nanoseconds();
        policy = policy_free(policy);
        bench_ok(policy_load(POLICY, bytes, length, &policy, &err), &err);
        timings_add(&loads, nanoseconds() - start);
    }
    bench_line("load of county-pilot", &loads, rounds, "loads");
    decide_claims(policy, &arena, count, &claims);
    bench_line("claims with a trace", &claims, (size_t)count, "claims");
    bench_policies(bench);
    policy_free(policy);
    timings_release(&loads);
    timings_release(&claims);
    free(bytes);
}
