/* R12 and group 13 of audit-log.md 6, eight writers and four readers, each a process: every
 * acknowledged event is there once, in a log without a gap, its receipt verifies under the trust
 * card, at once and in the end, nobody waits for 5 seconds, and the write-ahead log stays bounded.
 *
 *     crash_writers [full]     events a writer: 200; full: 10,000 */
#include "tests/crash/story.h"

#include "cli/service/book_card.h"
#include "cli/service/exchange.h"
#include "ledger/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define WRITERS 8
#define READERS 4
#define WAIT_MOST_MS 5000
#define LOG_MOST ((off_t)256 << 20) /* quality.md: a log that is longer has a stuck reader */

/* In memory that all processes share. */
struct shared {
    int64_t slowest_ms[WRITERS + READERS];
    int64_t done[WRITERS + READERS];
    bool failed[WRITERS + READERS];
    char why[WRITERS + READERS][800];
    volatile bool stop; /* for the readers */
    uint64_t seq[];     /* of each writer's events */
};

static bool is_full;

static int64_t events_of_writer(void)
{
    return is_full ? 10000 : 200;
}

/* Receipts are taken of every event; in the full size, where a proof goes over 80,000 leaves, of
 * 10,000 of them. */
static int64_t events_a_receipt(void)
{
    return is_full ? 8 : 1;
}

static struct arena card_arena;
static struct trust_card card; /* of the book; each process has it from before the fork */

static void make_card(struct live_book *book)
{
    AUTO_SIGNING_KEY exporter = {0};
    AUTO_BUFFER text;
    struct error err = {0};

    signing_key_generate("export", KEY_TYPE_ED25519, &exporter);
    struct minisign_key key = minisign_key_of(exporter.verifier.public_key);
    buffer_init(&text, TRUST_CARD_MAX);
    arena_init(&card_arena, (size_t)1 << 20);
    check_ok(book_card(&book->office, NULL, 0, &key, &text, &err), &err);
    check_ok(trust_card_parse(&card_arena, arena_text_n(&card_arena, text.data, text.length),
                              text.length, &card, &err),
             &err);
}

/* The receipt of an event, made from the book and checked with the card alone. */
static bool receipt_holds(struct office *office, uint64_t seq, struct error *err)
{
    AUTO_ARENA arena;
    AUTO_BUFFER bytes;
    struct receipt_facts facts;
    uint64_t size = 0;

    arena_init(&arena, RECEIPT_MAX * 2);
    buffer_init(&bytes, RECEIPT_MAX);
    if (!receipt_make(office, seq, RECEIPT_WITNESSED, &bytes, &size, err) ||
        !receipt_check(&arena, &card, &bytes, &facts, err)) {
        return false;
    }
    return (facts.seq == seq && facts.size == size && size > seq) ||
           error_set(err, FAULT_INTEGRITY, "crash.receipt", "event %llu, under a head of %llu",
                     (unsigned long long)facts.seq, (unsigned long long)facts.size);
}

static void fail_process(struct shared *shared, int who, const struct error *err)
{
    shared->failed[who] = true;
    (void)snprintf(shared->why[who], sizeof shared->why[who], "%s: %s", err->reason, err->text);
}

static void note_time(struct shared *shared, int who, int64_t started)
{
    int64_t took = clock_milliseconds() - started;
    if (took > shared->slowest_ms[who]) {
        shared->slowest_ms[who] = took;
    }
}

/* One event. Some writers keep the book open for long, some open it anew every few events. */
static bool write_one(struct live_book *book, struct shared *shared, int who, int64_t number,
                      struct error *err)
{
    struct act_result done;
    uint64_t command = 1000000 * (uint64_t)(who + 1) + (uint64_t)number;

    if (!book->open && !live_book_try_open(book, err)) {
        return false;
    }
    if (!live_act(book, command, "bureau", "fund.deposit", live_amount_request(book, 1), &done,
                  err)) {
        return false;
    }
    shared->seq[who * events_of_writer() + number] = done.seq;
    if (number % events_a_receipt() == 0 && !receipt_holds(&book->office, done.seq, err)) {
        return false;
    }
    if (number % (who % 2 == 0 ? 50 : 5) != 0) {
        return true;
    }
    book->open = false;
    return office_close(&book->office, err);
}

static void run_writer(struct live_book *book, struct shared *shared, int who)
{
    struct error err = {0};
    for (int64_t i = 0; i < events_of_writer(); i++) {
        int64_t started = clock_milliseconds();
        if (!write_one(book, shared, who, i, &err)) {
            fail_process(shared, who, &err);
            return;
        }
        note_time(shared, who, started);
        shared->done[who]++;
    }
    if (book->open && !office_close(&book->office, &err)) {
        fail_process(shared, who, &err);
    }
}

/* The log only grows, and no reader is ever refused. */
static void run_reader(const struct live_book *book, struct shared *shared, int who)
{
    uint64_t seen = 0;
    while (!shared->stop) {
        int64_t started = clock_milliseconds();
        struct office office;
        struct error err = {0};
        if (!office_open(book->path, STORE_READ_ONLY, &office, &err)) {
            fail_process(shared, who, &err);
            return;
        }
        if (office.tip.size < seen) {
            (void)error_set(&err, FAULT_INTEGRITY, "crash.shrunk", "%llu events after %llu",
                            (unsigned long long)office.tip.size, (unsigned long long)seen);
            fail_process(shared, who, &err);
        }
        seen = office.tip.size;
        office_release(&office);
        note_time(shared, who, started);
        shared->done[who]++;
        (void)usleep(10000);
    }
}

static pid_t start(struct live_book *book, struct shared *shared, int who)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (who < WRITERS) {
            run_writer(book, shared, who);
        } else {
            run_reader(book, shared, who);
        }
        _exit(0);
    }
    return child;
}

static void wait_for(pid_t child)
{
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static int by_number(const void *a, const void *b)
{
    uint64_t first = *(const uint64_t *)a;
    uint64_t second = *(const uint64_t *)b;
    return first < second ? -1 : first > second;
}

static off_t log_size(const struct live_book *book)
{
    struct stat status;
    char path[600];
    (void)snprintf(path, sizeof path, "%s/book.db-wal", book->path);
    return stat(path, &status) == 0 ? status.st_size : 0;
}

static void check_processes(const struct shared *shared)
{
    for (int who = 0; who < WRITERS + READERS; who++) {
        if (shared->failed[who]) {
            fail_msg("process %d: %s", who, shared->why[who]);
        }
        assert_true(shared->done[who] >= (who < WRITERS ? events_of_writer() : 1));
        assert_true(shared->slowest_ms[who] < WAIT_MOST_MS);
    }
}

/* Each writer's events are its own, and together they are all there is. */
static void check_events(struct shared *shared, uint64_t before, uint64_t after)
{
    size_t count = (size_t)(WRITERS * events_of_writer());
    qsort(shared->seq, count, sizeof shared->seq[0], by_number);
    for (size_t i = 0; i < count; i++) {
        check_int_equal((int64_t)shared->seq[i], (int64_t)(before + i));
    }
    check_int_equal((int64_t)(after - before), (int64_t)count);
}

/* The same receipts once more, under the last head. */
static void check_receipts(struct live_book *book, uint64_t before)
{
    struct error err = {0};
    for (uint64_t seq = before; seq < book->office.tip.size; seq += (uint64_t)events_a_receipt()) {
        check_ok(receipt_holds(&book->office, seq, &err), &err);
        arena_reset(&book->office.arena);
    }
}

static int64_t slowest(const struct shared *shared)
{
    int64_t slowest = 0;
    for (int who = 0; who < WRITERS + READERS; who++) {
        slowest = shared->slowest_ms[who] > slowest ? shared->slowest_ms[who] : slowest;
    }
    return slowest;
}

static void many_processes_share_one_book(void **state)
{
    struct live_book book;
    struct act_result done;
    struct error err = {0};
    pid_t child[WRITERS + READERS];
    off_t longest = 0;
    size_t size = sizeof(struct shared) + sizeof(uint64_t) * (size_t)(WRITERS * events_of_writer());
    struct shared *shared =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    (void)state;
    assert_true(shared != MAP_FAILED);
    live_book_create(&book, "2016-10-20");
    live_book_open(&book);
    check_ok(live_act(&book, 1, "bureau", "fund.open", live_amount_request(&book, 1), &done, &err),
             &err);
    uint64_t before = book.office.tip.size;
    make_card(&book);
    live_book_close(&book); /* no connection is open across a fork */
    int64_t started = clock_milliseconds();
    for (int who = 0; who < WRITERS + READERS; who++) {
        child[who] = start(&book, shared, who);
    }
    for (int who = 0; who < WRITERS; who++) {
        wait_for(child[who]);
        off_t length = log_size(&book);
        longest = length > longest ? length : longest;
    }
    shared->stop = true;
    for (int who = WRITERS; who < WRITERS + READERS; who++) {
        wait_for(child[who]);
    }
    int64_t took = clock_milliseconds() - started;
    check_processes(shared);
    live_book_open(&book);
    check_events(shared, before, book.office.tip.size);
    check_receipts(&book, before);
    check_ok(live_book_is_sound(&book, &err), &err);
    live_book_close(&book);
    print_message(
        "writers: %d x %lld events and %d readers in %lld ms; the slowest waited %lld ms, "
        "the log grew to %lld KiB\n",
        WRITERS, (long long)events_of_writer(), READERS, (long long)took,
        (long long)slowest(shared), (long long)longest / 1024);
    assert_true(longest < LOG_MOST);
    live_book_release(&book);
    arena_release(&card_arena);
    assert_int_equal(munmap(shared, size), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_processes_share_one_book),
    };
    is_full = argc > 1 && strcmp(argv[1], "full") == 0;
    return cmocka_run_group_tests_name("writers", tests, NULL, NULL);
}
