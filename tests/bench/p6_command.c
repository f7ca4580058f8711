/* P6: `yicang loan repay`, a process of its own with the clerk's key in an open session, beside a
 * process that writes the same rows with SQLite alone: from before the fork to after the end. */
#include "cli/service/key_ring.h"
#include "tests/bench/bench_book.h"
#include "tests/bench/raw.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_LIMIT_KB (12 * 1024)

static void measure(const struct bench *bench, const char *arguments, struct timings *timings,
                    long *peak)
{
    char *command = NULL;
    int code = -1;
    int64_t took = 0;
    long memory = 0;
    if (asprintf(&command, "'%s' %s", bench->measure, arguments) < 0) {
        bench_fail("out of memory");
    }
    FILE *answer = popen(command, "r");
    if (answer == NULL || fscanf(answer, "%d %" SCNd64 " %ld", &code, &took, &memory) != 3 ||
        pclose(answer) != 0 || code != 0) {
        bench_fail("%s ends with %d", arguments, code);
    }
    timings_add(timings, took);
    *peak = memory > *peak ? memory : *peak;
    free(command);
}

static void run_command(const struct bench *bench, const char *folder, int64_t loan,
                        struct timings *timings, long *peak)
{
    char *arguments = NULL;
    if (asprintf(&arguments,
                 "'%s' --book '%s' --as " BENCH_CLERK " loan repay L%" PRId64 " --amount 10000",
                 bench->program, folder, loan) < 0) {
        bench_fail("out of memory");
    }
    measure(bench, arguments, timings, peak);
    free(arguments);
}

static void run_raw(const struct bench *bench, const char *path, int64_t loan,
                    struct timings *timings, long *peak)
{
    char *arguments = NULL;
    if (asprintf(&arguments, "'%s' '%s' %" PRId64, bench->posting, path, loan) < 0) {
        bench_fail("out of memory");
    }
    measure(bench, arguments, timings, peak);
    free(arguments);
}

static void open_session(struct office *office)
{
    struct error err = {0};
    const char *path = NULL;
    bench_ok(session_open(office->facts.origin, BENCH_CLERK, NULL, &path, &office->arena, &err),
             &err);
}

static void check_result(const char *folder, const char *raw_path, int64_t count)
{
    struct error err = {0};
    struct office office;
    bench_ok(office_open(folder, STORE_WRITE, &office, &err), &err);
    bench_check_book(&office);
    sqlite3 *db = raw_open(office.store_path);
    bench_same("repayments", raw_number(db, "SELECT count(*) FROM repayment"), count);
    bench_same("principal paid back", raw_number(db, "SELECT sum(principal_fen) FROM repayment"),
               953177 * count);
    sqlite3 *raw = raw_open(raw_path);
    static const char *const tables[] = {"event", "command_request", "repayment", "entry",
                                         "line",  "loan_balance"};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        char sql[80];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", tables[i]);
        bench_same(sql, raw_number(raw, sql), raw_number(db, sql));
    }
    raw_close(raw);
    raw_close(db);
    bench_book_end(&office);
}

void bench_command(struct bench *bench)
{
    int64_t count = bench->smoke ? 3 : 300;
    struct office office;
    struct timings ours = {0};
    struct timings raw = {0};
    long peak = 0;
    long raw_peak = 0;
    char *raw_path = bench_path(bench, "p6-raw.db");

    bench_book_open(bench, "p6", "2016-10-20", &office);
    bench_arrears(&office);
    int64_t loans = bench->smoke ? 10 : 10000;
    bench_multiply(&office, loans, NULL);
    open_session(&office);
    char *folder = strdup(office.folder);
    char *path = strdup(office.store_path);
    bench_book_end(&office);
    raw_copy(path, raw_path);
    sqlite3 *db = raw_open(raw_path);
    raw_drop_triggers(db);
    raw_close(db);
    for (int64_t loan = 1; loan <= count; loan++) {
        run_command(bench, folder, loan, &ours, &peak);
        run_raw(bench, raw_path, loan, &raw, &raw_peak);
    }
    check_result(folder, raw_path, count);
    bench_line("yicang", &ours, (size_t)count, "commands");
    bench_line("raw SQLite", &raw, (size_t)count, "commands");
    bench_judge(bench, (double)timings_percentile(&raw, 50) / (double)timings_percentile(&ours, 50),
                0.60, +1);
    printf("    peak memory %.1f MB (at most %.1f), raw %.1f MB%s\n", (double)peak / 1024,
           MEMORY_LIMIT_KB / 1024.0, (double)raw_peak / 1024,
           peak <= MEMORY_LIMIT_KB ? "" : "  MISSED");
    bench->missed = bench->missed || peak > MEMORY_LIMIT_KB;
    timings_release(&ours);
    timings_release(&raw);
    free(folder);
    free(path);
    free(raw_path);
}
