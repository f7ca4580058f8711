#include "tests/bench/bench.h"

#include "ledger/base/alloc.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void bench_fail(const char *text, ...)
{
    va_list arguments;
    va_start(arguments, text);
    fflush(stdout);
    fputs("bench: ", stderr);
    vfprintf(stderr, text, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

void bench_ok_at(bool ok, const struct error *err, const char *call)
{
    if (!ok) {
        bench_fail("%s: %s [%s] %s", call, err->text, err->reason, err->limit);
    }
}

void bench_same(const char *what, int64_t got, int64_t want)
{
    if (got != want) {
        bench_fail("the result is wrong: %s is %" PRId64 ", not %" PRId64, what, got, want);
    }
}

char *bench_path(const struct bench *bench, const char *format, ...)
{
    char name[200];
    char *path = NULL;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(name, sizeof name, format, arguments);
    va_end(arguments);
    if (asprintf(&path, "%s/%s", bench->folder, name) < 0) {
        bench_fail("out of memory");
    }
    return path;
}

int64_t nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void timings_add(struct timings *timings, int64_t duration)
{
    if (timings->count == timings->capacity) {
        timings->capacity = timings->capacity == 0 ? 64 : 2 * timings->capacity;
        timings->list = alloc_resized(timings->list, timings->capacity, sizeof timings->list[0]);
    }
    timings->list[timings->count++] = duration;
    timings->total += duration;
}

static int by_size(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left;
    int64_t b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

int64_t timings_percentile(struct timings *timings, int percent)
{
    if (timings->count == 0) {
        bench_fail("nothing was measured");
    }
    qsort(timings->list, timings->count, sizeof timings->list[0], by_size);
    return timings->list[(timings->count - 1) * (size_t)percent / 100];
}

void timings_release(struct timings *timings)
{
    free(timings->list);
    *timings = (struct timings){0};
}

void bench_judge(struct bench *bench, double ratio, double target, int direction)
{
    bool held = direction > 0 ? ratio >= target : ratio <= target;
    printf("    ratio %.2f (%s %.2f)%s\n", ratio, direction > 0 ? "at least" : "at most", target,
           held ? "" : "  MISSED");
    bench->missed = bench->missed || !held;
}

void bench_line(const char *who, struct timings *timings, size_t pieces, const char *unit)
{
    double seconds = (double)timings->total / 1e9;
    double p50 = (double)timings_percentile(timings, 50) / 1e6;
    double p99 = (double)timings_percentile(timings, 99) / 1e6;
    printf("    %-22s %10.0f %s/s   p50 %8.3f ms   p99 %8.3f ms\n", who, (double)pieces / seconds,
           unit, p50, p99);
    fflush(stdout);
}

/* The program ---------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    void (*run)(struct bench *bench);
    const char *title;
} workloads[] = {
    {"P1", bench_repayments, "repayments of 4 lines one by one, durable and signed"},
    {"P3", bench_bulk, "bulk: the close of a day on which many loans settle, one signed event"},
    {"P6", bench_command, "one command, one posting: process start to durable"},
    {"P7", bench_quiet_day, "close of a day with nothing due"},
    {"P10", bench_trial_balance, "trial balance"},
    {"P12", bench_verify, "audit verify"},
    {"P13", bench_rebuild, "tables made again from the log"},
    {"P15", bench_rules, "conditions, claims with a trace, load and tests of policies"},
    {"P20", bench_simulation, "another policy over 100,000 loans"},
};

static _Noreturn void usage(void)
{
    fputs("usage: yicang-bench [--smoke] [--check] [--keep] [--events N] [--memory] "
          "[P1|P3|P6|P7|P10|P12|P13|P15|P20 "
          "...]\n"
          "  --smoke  sizes that only show that it works\n"
          "  --check  fail when a ratio misses its target\n"
          "  --events N  of the log of P12 and P13 (20,000; with --memory 1,000,000)\n"
          "  --memory  of P12 only the peak of memory\n"
          "  --keep   leave the books in the folder that is named at the end\n"
          "Books are made in $TMPDIR, by default /var/tmp: name the disk to be measured.\n",
          stderr);
    exit(2);
}

static bool is_wanted(const char *name, int argc, char **argv, int first)
{
    if (first == argc) {
        return true;
    }
    for (int i = first; i < argc; i++) {
        if (strcmp(argv[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static void check_names(int argc, char **argv, int first)
{
    for (int i = first; i < argc; i++) {
        bool known = false;
        for (size_t w = 0; w < sizeof workloads / sizeof workloads[0]; w++) {
            known = known || strcmp(argv[i], workloads[w].name) == 0;
        }
        if (!known) {
            usage();
        }
    }
}

static void remove_folder(const char *folder)
{
    char *command = NULL;
    if (asprintf(&command, "rm -rf -- '%s'", folder) < 0 || system(command) != 0) {
        bench_fail("%s cannot be removed", folder);
    }
    free(command);
}

int main(int argc, char **argv)
{
    struct bench bench = {
        .program = BENCH_PROGRAM, .posting = BENCH_POSTING, .measure = BENCH_MEASURE};
    bool keep = false;
    int first = 1;
    for (; first < argc && argv[first][0] == '-'; first++) {
        if (strcmp(argv[first], "--smoke") == 0) {
            bench.smoke = true;
        } else if (strcmp(argv[first], "--check") == 0) {
            bench.check = true;
        } else if (strcmp(argv[first], "--keep") == 0) {
            keep = true;
        } else if (strcmp(argv[first], "--memory") == 0) {
            bench.memory = true;
        } else if (strcmp(argv[first], "--events") == 0 && first + 1 < argc) {
            bench.events = strtoul(argv[++first], NULL, 10);
        } else {
            usage();
        }
    }
    check_names(argc, argv, first);
    const char *place = getenv("TMPDIR");
    char *folder = NULL;
    if (asprintf(&folder, "%s/yicang-bench-XXXXXX", place == NULL ? "/var/tmp" : place) < 0 ||
        mkdtemp(folder) == NULL) {
        bench_fail("no folder can be made in %s", place == NULL ? "/var/tmp" : place);
    }
    bench.folder = folder;
    for (size_t i = 0; i < sizeof workloads / sizeof workloads[0]; i++) {
        if (is_wanted(workloads[i].name, argc, argv, first)) {
            printf("%s  %s\n", workloads[i].name, workloads[i].title);
            fflush(stdout);
            workloads[i].run(&bench);
        }
    }
    if (keep) {
        printf("kept in %s\n", folder);
    } else {
        remove_folder(folder);
    }
    free(folder);
    return bench.check && bench.missed ? 1 : 0;
}
