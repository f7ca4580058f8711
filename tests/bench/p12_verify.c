/* P12: the log of a county is verified: its structure alone (every leaf read, taken apart and
 * hashed, chain and tree), with all signatures on all processors, and in full: each event planned
 * again, projected into a new store, and the tables compared. All of it was made through the door:
 * of 20 events of a loan 4 begin it (household, application, approval, payout) and 16 are
 * repayments, one in ten days; the days between are closed. A second log is of one loan in arrears
 * that is paid back in very many pieces. With --memory the peak of memory is all that is asked, of
 * a long log that is made faster.
 *
 * Baselines: raw SQLite reading the same leaves in order, each hashed; and bare libsodium checking
 * one signature over each of the same texts, on as many threads. */
#include "cli/service/book_check.h"
#include "ledger/audit/log_source.h"
#include "ledger/audit/verify_state.h"
#include "tests/bench/bench_book.h"
#include "tests/bench/raw.h"

#include <pthread.h>
#include <sched.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE_FEN 100
#define EVENTS 20000
#define EVENTS_SMOKE 60
#define NEW 2000
#define NEW_SMOKE 6
#define PIECES 1000
#define PIECES_SMOKE 40
#define LONG 1000000
#define LONG_SMOKE 300
#define LONG_ROUNDS 240 /* repayments of a loan */
#define LONG_ROUNDS_A_DAY 2
#define LONG_PAID_FEN 10000
#define THREADS_MAX 32
#define MEMORY_MAX_KB 200000 /* of a log of a million events, so of each smaller one */

/* Baselines --------------------------------------------------------------------------------------
 */

struct signed_text {
    unsigned char *text;
    size_t length;
    unsigned char signature[crypto_sign_BYTES];
};

struct texts {
    struct signed_text *list;
    size_t count;
    unsigned char public[crypto_sign_PUBLICKEYBYTES];
};

/* The signed part of every leaf, signed again by one key. */
static struct texts texts_of(sqlite3 *db, size_t count)
{
    struct texts texts = {.list = calloc(count, sizeof(struct signed_text))};
    unsigned char secret[crypto_sign_SECRETKEYBYTES];
    sqlite3_stmt *query = raw_prepare(db, "SELECT leaf FROM event ORDER BY seq");

    if (texts.list == NULL) {
        bench_fail("out of memory");
    }
    crypto_sign_keypair(texts.public, secret);
    while (texts.count < count && sqlite3_step(query) == SQLITE_ROW) {
        const char *leaf = sqlite3_column_blob(query, 0);
        size_t length = (size_t)sqlite3_column_bytes(query, 0);
        const char *end = memmem(leaf, length, "\n\n", 2);
        if (end == NULL) {
            bench_fail("a leaf has no signatures");
        }
        struct signed_text *text = &texts.list[texts.count++];
        text->length = (size_t)(end + 1 - leaf);
        text->text = malloc(text->length);
        if (text->text == NULL) {
            bench_fail("out of memory");
        }
        memcpy(text->text, leaf, text->length);
        crypto_sign_detached(text->signature, NULL, text->text, text->length, secret);
    }
    sqlite3_finalize(query);
    bench_same("leaves", (int64_t)texts.count, (int64_t)count);
    return texts;
}

static void texts_free(struct texts *texts)
{
    for (size_t i = 0; i < texts->count; i++) {
        free(texts->list[i].text);
    }
    free(texts->list);
}

struct bare_check {
    const struct texts *texts;
    size_t first, step, held;
};

static void *check_part(void *context)
{
    struct bare_check *part = context;
    for (size_t i = part->first; i < part->texts->count; i += part->step) {
        const struct signed_text *text = &part->texts->list[i];
        part->held += crypto_sign_verify_detached(text->signature, text->text, text->length,
                                                  part->texts->public) == 0;
    }
    return NULL;
}

static size_t processors(void)
{
    cpu_set_t usable;
    if (sched_getaffinity(0, sizeof usable, &usable) != 0) {
        return 1;
    }
    size_t count = (size_t)CPU_COUNT(&usable);
    return count < THREADS_MAX ? count : THREADS_MAX;
}

static int64_t raw_signatures(const struct texts *texts)
{
    pthread_t thread[THREADS_MAX];
    struct bare_check part[THREADS_MAX];
    size_t threads = processors();
    size_t held = 0;
    int64_t start = nanoseconds();
    for (size_t i = 0; i < threads; i++) {
        part[i] = (struct bare_check){texts, i, threads, 0};
        if (pthread_create(&thread[i], NULL, check_part, &part[i]) != 0) {
            bench_fail("no thread can be made");
        }
    }
    for (size_t i = 0; i < threads; i++) {
        pthread_join(thread[i], NULL);
        held += part[i].held;
    }
    int64_t took = nanoseconds() - start;
    bench_same("signatures that hold", (int64_t)held, (int64_t)texts->count);
    return took;
}

static int64_t raw_scan(sqlite3 *db, size_t count)
{
    unsigned char all = 0;
    size_t read = 0;
    int64_t start = nanoseconds();
    sqlite3_stmt *query = raw_prepare(db, "SELECT leaf FROM event ORDER BY seq");
    for (; sqlite3_step(query) == SQLITE_ROW; read++) {
        struct sha256 hash =
            sha256_of(sqlite3_column_blob(query, 0), (size_t)sqlite3_column_bytes(query, 0));
        all |= hash.byte[0];
    }
    sqlite3_finalize(query);
    int64_t took = nanoseconds() - start;
    bench_same("leaves", (int64_t)read, (int64_t)count);
    bench_same("hashes without a bit", all == 0, 0);
    return took;
}

/* Ours -------------------------------------------------------------------------------------------
 */

static int64_t ended(int64_t start, const struct verify_summary *summary, struct findings *findings,
                     const struct office *office)
{
    int64_t took = nanoseconds() - start;
    if (findings->total > 0) {
        bench_fail("found: %s %s", findings->list[0].code, findings->list[0].text);
    }
    bench_same("events verified", (int64_t)summary->events, (int64_t)office->tip.size);
    findings_release(findings);
    return took;
}

static int64_t verify_log(const struct office *office, bool structure)
{
    struct error err = {0};
    struct findings findings;
    struct verify_summary summary;
    struct log_source source = log_source_of_book(office->store);
    struct verify_request request = {.source = &source, .structure = structure};
    findings_init(&findings);
    int64_t start = nanoseconds();
    bench_ok(log_verify(&request, &findings, &summary, &err), &err);
    return ended(start, &summary, &findings, office);
}

static int64_t verify_book(struct office *office)
{
    struct error err = {0};
    struct findings findings;
    struct verify_summary summary;
    struct verify_scope scope = {.plan_again = true};
    findings_init(&findings);
    int64_t start = nanoseconds();
    bench_ok(book_verify(office, &scope, &findings, &summary, &err), &err);
    return ended(start, &summary, &findings, office);
}

/* What a verification now proves, as the file that an auditor keeps. */
static void keep_state(const struct office *office, struct buffer *ret)
{
    struct error err = {0};
    struct findings findings;
    struct verify_summary summary;
    AUTO_VERIFY_STATE state;
    const struct verify_trust trust = {.today = office->day};
    struct log_source source = log_source_of_book(office->store);
    const struct verify_request request = {.source = &source, .trust = &trust, .save = &state};
    verify_state_init(&state);
    findings_init(&findings);
    bench_ok(log_verify(&request, &findings, &summary, &err), &err);
    bench_same("findings that prove tampering", findings.tampering, 0);
    findings_release(&findings);
    bench_ok(verify_state_write(&state, ret, &err), &err);
}

static int64_t verify_since(struct office *office, const struct buffer *kept)
{
    struct error err = {0};
    struct findings findings;
    struct verify_summary summary;
    AUTO_VERIFY_STATE state;
    const struct verify_trust trust = {.today = office->day};
    findings_init(&findings);
    verify_state_init(&state);
    int64_t start = nanoseconds();
    bench_ok(verify_state_parse(kept->data, kept->length, &state, &err), &err);
    const struct verify_scope scope = {.trust = &trust, .since = &state};
    bench_ok(book_verify(office, &scope, &findings, &summary, &err), &err);
    int64_t took = nanoseconds() - start;
    /* There is no card in a bench: E_TRUST. */
    bench_same("findings but the missing card", (int64_t)findings.total, 1);
    bench_same("events verified", (int64_t)summary.events, (int64_t)office->tip.size);
    findings_release(&findings);
    return took;
}

/* An auditor comes back when there are so many new events. */
static void measure_since(struct office *office, size_t loans, size_t events)
{
    AUTO_BUFFER kept;
    buffer_init(&kept, VERIFY_STATE_MAX);
    keep_state(office, &kept);
    uint64_t before = office->tip.size;
    for (size_t i = 0; i < events; i++) {
        bench_pay(office, (int64_t)(1 + i % loans), PIECE_FEN);
    }
    int64_t since = verify_since(office, &kept);
    int64_t people = verify_log(office, false);
    int64_t full = verify_book(office);
    printf("    since a state of %zu events and %zu bytes, %zu new ones:\n", (size_t)before,
           kept.length, (size_t)(office->tip.size - before));
    printf("    %-44s %10.3f s, %.4f of full, %.4f of signatures\n", "--since, state file included",
           (double)since / 1e9, (double)since / (double)full, (double)since / (double)people);
    fflush(stdout);
}

static void line(const char *who, int64_t took, size_t events)
{
    printf("    %-44s %10.0f events/s\n", who, (double)events * 1e9 / (double)took);
    fflush(stdout);
}

/* Peak memory of the command as a process, in kB. It ends with 2, since it gets no trust card. */
static void judge_memory(struct bench *bench, const char *folder)
{
    char *command = NULL;
    int code = 0;
    long long took = 0;
    long memory = 0;
    if (asprintf(&command, "'%s' '%s' --book '%s' audit verify 2>/dev/null", bench->measure,
                 bench->program, folder) < 0) {
        bench_fail("out of memory");
    }
    FILE *answer = popen(command, "r");
    if (answer == NULL || fscanf(answer, "%d %lld %ld", &code, &took, &memory) != 3 ||
        pclose(answer) != 0) {
        bench_fail("audit verify cannot be run");
    }
    bench_same("exit code of audit verify without a card", code, 2);
    bool held = memory <= MEMORY_MAX_KB;
    printf("    memory of audit verify at its peak: %.1f MB (at most %d)%s\n",
           (double)memory / 1000, MEMORY_MAX_KB / 1000, held ? "" : "  MISSED");
    bench->missed = bench->missed || !held;
    free(command);
}

static void measure(struct bench *bench, struct office *office)
{
    size_t events = office->tip.size;
    char *folder = strdup(office->folder);
    sqlite3 *db = raw_open(office->store_path);
    struct texts texts = texts_of(db, events);
    int64_t scan = raw_scan(db, events);
    int64_t bare = raw_signatures(&texts);
    int64_t structure = verify_log(office, true);
    int64_t people = verify_log(office, false);
    int64_t full = verify_book(office);
    size_t bytes = 0;
    for (size_t i = 0; i < texts.count; i++) {
        bytes += texts.list[i].length;
    }
    texts_free(&texts);
    raw_close(db);
    bench_book_end(office);
    printf("    %zu events of %zu signed bytes, %zu threads\n", events, bytes / events,
           processors());
    line("raw SQLite, SHA-256 of each leaf", scan, events);
    line("structure", structure, events);
    line("bare libsodium, one signature an event", bare, events);
    line("structure and signatures", people, events);
    line("full: planned again, tables rebuilt, compared", full, events);
    judge_memory(bench, folder);
    free(folder);
}

/* 24,000.00 of 50,000.00 are paid back in 120 days, over a day on which interest is settled. */
static void measure_long_log(struct bench *bench)
{
    struct office office;
    size_t events = bench->events > 0 ? bench->events : bench->smoke ? LONG_SMOKE : LONG;
    int64_t loans = (int64_t)(events / (LONG_ROUNDS + 4)) + 1;

    bench_book_open(bench, "p12-long", "2016-10-20", &office);
    for (int64_t loan = 1; loan <= loans; loan++) {
        bench_loan_of(&office, loan, loan % 3 == 0 ? "registered" : "none", 12);
    }
    for (int round = 0; round < LONG_ROUNDS; round++) {
        bench_pass_days(&office, round % LONG_ROUNDS_A_DAY == 0 ? 1 : 0);
        bench_pay_all(&office, loans, LONG_PAID_FEN);
    }
    printf("  a log of %zu events, %d repayments a loan\n", (size_t)office.tip.size, LONG_ROUNDS);
    char *folder = strdup(office.folder);
    bench_book_end(&office);
    judge_memory(bench, folder);
    free(folder);
}

void bench_verify(struct bench *bench)
{
    if (bench->memory || bench->smoke) {
        measure_long_log(bench);
    }
    if (bench->memory) {
        return;
    }
    struct office office;
    size_t events = bench->events > 0 ? bench->events : bench->smoke ? EVENTS_SMOKE : EVENTS;
    size_t pieces = bench->smoke ? PIECES_SMOKE : bench->events > 0 ? bench->events / 10 : PIECES;

    printf("  a county: %d repayments a loan\n", BENCH_COUNTY_ROUNDS);
    bench_book_open(bench, "p12", "2016-10-20", &office);
    bench_county(&office, events);
    measure_since(&office, events / 40 + 1, bench->smoke ? NEW_SMOKE : NEW);
    measure(bench, &office);
    printf("  one loan in arrears, paid back in %zu pieces\n", pieces);
    bench_book_open(bench, "p12-pieces", "2016-10-20", &office);
    bench_arrears(&office);
    for (size_t i = 0; i < pieces; i++) {
        bench_pay(&office, 1, PIECE_FEN);
    }
    measure(bench, &office);
}
