/* bench.h - a workload beside its raw baseline: the same rows through prepared statements, in the
 * same process, on the same disk. Wall-clock time is printed; only ratios are judged. */
#ifndef YICANG_TESTS_BENCH_BENCH_H
#define YICANG_TESTS_BENCH_BENCH_H

#include "ledger/base/attributes.h"
#include "ledger/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bench {
    bool smoke;          /* sizes that only show that it works */
    size_t events;       /* of the log that is verified; 0: as many as usual */
    bool memory;         /* of P12 only the peak of memory, over a long log */
    bool check;          /* a ratio that misses its target fails the run */
    const char *folder;  /* scratch: every workload makes its own folder in it */
    const char *program; /* the yicang under test */
    const char *posting; /* raw-posting beside this program */
    const char *measure; /* measured-run, likewise */
    unsigned books;      /* made so far */
    bool missed;         /* some ratio missed its target */
};

/* The workloads. Each ends by checking its result, and ends the process if it is wrong. */
void bench_repayments(struct bench *bench);    /* P1 */
void bench_bulk(struct bench *bench);          /* P3 */
void bench_command(struct bench *bench);       /* P6 */
void bench_quiet_day(struct bench *bench);     /* P7 */
void bench_trial_balance(struct bench *bench); /* P10 */
void bench_verify(struct bench *bench);        /* P12 */
void bench_rebuild(struct bench *bench);       /* P13 */
void bench_rules(struct bench *bench);         /* P15 */
void bench_policies(struct bench *bench);      /* the second half of it */
void bench_simulation(struct bench *bench);    /* P20 */

/* Ends the process with the message. */
_Noreturn void bench_fail(const char *text, ...) PRINTF_LIKE(1, 2);
/* The call succeeded; else ends the process with the error. */
#define bench_ok(call, err) bench_ok_at((call), (err), #call)
void bench_ok_at(bool ok, const struct error *err, const char *call);
/* What the workload came to is what it must come to; else ends the process. */
void bench_same(const char *what, int64_t got, int64_t want);

/* A fresh name in the bench's folder; free() it. */
char *bench_path(const struct bench *bench, const char *format, ...) PRINTF_LIKE(2, 3);

int64_t nanoseconds(void); /* of the monotonic clock */

/* Durations of one kind of work, in nanoseconds. */
struct timings {
    int64_t *list;
    size_t count, capacity;
    int64_t total;
};
void timings_add(struct timings *timings, int64_t nanoseconds);
/* The value below which `percent` of 100 lie. */
int64_t timings_percentile(struct timings *timings, int percent);
void timings_release(struct timings *timings);

/* "ratio 0.72 (at least 0.60)", remembering a miss. direction: +1 at least, -1 at most. */
void bench_judge(struct bench *bench, double ratio, double target, int direction);
/* One line: who, work per second, median and 99th percentile of one piece. */
void bench_line(const char *who, struct timings *timings, size_t pieces, const char *unit);

#endif
