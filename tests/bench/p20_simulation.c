/* P20: another policy over a book of 100,000 loans. The baseline reads through raw SQLite, loan by
 * loan in the same order, what the answer rests on: the loan with its contract, its settlements,
 * the lines and statuses that its interest walks over, and the lines of its three events. */
#include "cli/service/simulation.h"
#include "tests/bench/bench_book.h"
#include "tests/bench/raw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POLICY BENCH_SOURCE_DIR "/rules/policies/county-pilot.yaml"
#define LOANS 100000
#define SMOKE_LOANS 200

/* One value of the policy, changed as a finance officer would. */
static void change(char *text, const char *parameter, const char *from, const char *to)
{
    char *at = strstr(text, parameter);
    char *value = at == NULL ? NULL : strstr(at, from);
    if (value == NULL || strlen(from) != strlen(to)) {
        bench_fail("the policy has no %s of %s", parameter, from);
    }
    for (size_t i = 0; to[i] != '\0'; i++) {
        value[i] = to[i];
    }
}

/* The subsidy becomes 3 % a year. */
static struct policy *changed_policy(void)
{
    char text[POLICY_BYTES_MAX];
    struct policy *policy = NULL;
    struct error err = {0};
    FILE *file = fopen(POLICY, "rb");
    size_t length = file == NULL ? 0 : fread(text, 1, sizeof text - 1, file);

    if (length == 0) {
        bench_fail("%s cannot be read", POLICY);
    }
    (void)fclose(file);
    text[length] = '\0';
    change(text, "\n  subsidy_rate:", "value: 5%", "value: 3%");
    bench_ok(policy_load("changed", text, length, &policy, &err), &err);
    return policy;
}

/* The same bytes of the book, without a policy. */
static int64_t read_raw(sqlite3 *db)
{
    static const char sql[] =
        "SELECT l.applied_fen + a.fen + c.covered_fen + length(l.purpose) + length(t.status)"
        " + (SELECT sum(s.interest_fen + s.treasury_fen) FROM loan_settlement AS s"
        "    WHERE s.loan_id = l.id)"
        " + (SELECT sum(e.value_date + i.fen) FROM line AS i JOIN entry AS e ON e.id = i.entry_id"
        "    WHERE i.loan_id = l.id AND i.account_id BETWEEN 2 AND 4)"
        " + (SELECT sum(n.day + length(n.status)) FROM loan_status AS n WHERE n.loan_id = l.id)"
        " + (SELECT sum(length(v.leaf) + unicode(substr(v.leaf, -1))) FROM event AS v"
        "    WHERE v.seq IN (l.seq, a.seq, c.seq))"
        " FROM loan AS l JOIN loan_state AS t ON t.loan_id = l.id"
        " JOIN loan_approval AS a ON a.loan_id = l.id JOIN loan_contract AS c ON c.loan_id = l.id"
        " ORDER BY l.id";
    sqlite3_stmt *query = raw_prepare(db, sql);
    int64_t rows = 0;

    while (sqlite3_step(query) == SQLITE_ROW) {
        rows += sqlite3_column_int64(query, 0) != 0 ? 1 : 0;
    }
    sqlite3_finalize(query);
    return rows;
}

static void pair_is(const char *what, const struct simulated_pair *pair, int64_t before,
                    int64_t after)
{
    bench_same(what, money_fen(pair->before.amount), before);
    bench_same(what, money_fen(pair->after.amount), after);
}

/* 50,000.00 at 4.35 % from 2016-10-20: 62 days to 2016-12-20 are 374.58 at 4.35 % and 258.33 at
 * 3 %; 90 days to 2017-03-20 are 543.75 and 375.00 (by hand; 5 % is capped at the contract rate).
 */
static void check(const struct simulation *simulation, int64_t loans)
{
    bench_same("loans", simulation->loans, loans);
    bench_same("not decided", simulation->reason[0].count, 0);
    pair_is("warned", &simulation->total[SIMULATED_WARN], 5000000 * loans, 5000000 * loans);
    pair_is("paid out", &simulation->total[SIMULATED_LENT], 5000000 * loans, 5000000 * loans);
    pair_is("subsidy", &simulation->total[SIMULATED_SUBSIDY], 91833 * loans, 63333 * loans);
}

void bench_simulation(struct bench *bench)
{
    int64_t loans = bench->smoke ? SMOKE_LOANS : LOANS;
    size_t rounds = bench->smoke ? 1 : 3;
    struct office office;
    struct policy *policy = changed_policy();
    struct simulation_request request = {.policy = policy, .has_from = true};
    struct timings ours = {0};
    struct timings raw = {0};
    struct error err = {0};

    bench_book_open(bench, "p20", "2016-10-20", &office);
    bench_loan(&office, "registered");
    bench_close_through(&office, "2017-03-20");
    bench_multiply(&office, loans, NULL);
    request.from = bench_date("2016-10-20");
    sqlite3 *db = raw_open(office.store_path);
    for (size_t i = 0; i < rounds; i++) {
        struct arena arena;
        struct simulation simulation;
        arena_init(&arena, (size_t)64 << 20);
        int64_t start = nanoseconds();
        bench_ok(policy_simulate(&office, &request, &arena, &simulation, &err), &err);
        timings_add(&ours, nanoseconds() - start);
        check(&simulation, loans);
        arena_release(&arena);
        start = nanoseconds();
        bench_same("loans read", read_raw(db), loans);
        timings_add(&raw, nanoseconds() - start);
    }
    raw_close(db);
    bench_line("yicang", &ours, (size_t)loans * rounds, "loans");
    bench_line("raw SQLite", &raw, (size_t)loans * rounds, "loans");
    bench_judge(bench, (double)ours.total / (double)raw.total, 12.0, -1);
    timings_release(&ours);
    timings_release(&raw);
    policy_free(policy);
    bench_book_end(&office);
}
