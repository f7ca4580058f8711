/* R2, the power fails: a story is recorded, the disk is rebuilt as it may be left before every
 * write and sync, and the book opened again. Every event acknowledged before is there, at most one
 * more, the book goes on without repair, and the command that was broken off is done once when sent
 * again. Two controls do without the syncs and must lose events.
 *
 *     crash_power_cut [full]     full: every point, more rounds, more second cuts */
#include "tests/crash/disk.h"
#include "tests/crash/story.h"

#include "ledger/base/clock.h"
#include "ledger/base/text.h"
#include "ledger/books/books_check.h"
#include "ledger/loans/loans_check.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum verdict { HELD, NO_BOOK_YET, LOSS_ANNOUNCED, LOSS_SILENT, DAMAGED, VERDICTS };
static const char *const verdict_name[VERDICTS] = {"held", "no book yet", "loss announced",
                                                   "loss silent", "damaged"};

/* What runs: how much of it, and what came out. */
struct trial {
    struct story story;
    struct tape tape;
    uint64_t seed;
    size_t stride;       /* between syncs, one write in so many is tried, with one kind of cut */
    size_t double_every; /* one point in so many is cut again during recovery; 0: none */
    size_t books_every;  /* one point in so many has books and loans checked from their rows, */
    size_t sound_every;  /* and one in so many gets every check there is; 0: none */
    unsigned kinds;      /* of cuts: bits */
    int64_t points;
    int64_t doubles;
    int64_t sound;
    int64_t seen[VERDICTS];
    int64_t shown;
};

/* Where the story stood: steps before `acknowledged` are acknowledged, one may be begun. */
struct standing {
    size_t acknowledged; /* how many */
    bool begun;
    bool same_events; /* events are those of the recording, not sent again since */
};

#define SHOWN_MAX 5

static bool is_full;

/* --- one book after a cut --------------------------------------------------------------------- */

static uint64_t size_after(const struct story *story, size_t steps)
{
    return steps == 0 ? story->first_size : story->tip[steps - 1].size;
}

static enum verdict damaged(struct error *err, const char *what)
{
    char text[sizeof err->text];
    (void)snprintf(text, sizeof text, "%s", err->text);
    (void)error_set(err, FAULT_INTEGRITY, "crash.damaged", "%s: %s", what, text);
    return DAMAGED;
}

static enum verdict open_after(struct story *story, const struct standing *standing,
                               struct error *err)
{
    if (story_open(story, err)) {
        return HELD;
    }
    if (standing->acknowledged == 0 && story_makes_book(story, 0)) {
        return NO_BOOK_YET;
    }
    return text_equal(err->reason, "book.events-lost") ? LOSS_ANNOUNCED : DAMAGED;
}

/* Every acknowledged event, and at most the one begun. */
static enum verdict check_events(const struct story *story, const struct standing *standing,
                                 struct error *err)
{
    const struct log_tip *tip = &story->book.office.tip;
    uint64_t least = size_after(story, standing->acknowledged);
    uint64_t most = size_after(story, standing->acknowledged + (standing->begun ? 1 : 0));

    (void)error_set(err, FAULT_INTEGRITY, "crash.events", "%llu events, of %llu to %llu",
                    (unsigned long long)tip->size, (unsigned long long)least,
                    (unsigned long long)most);
    if (tip->size < least) {
        return LOSS_SILENT;
    }
    if (tip->size != least && tip->size != most) {
        return DAMAGED;
    }
    for (size_t i = 0; standing->same_events && i < story->steps; i++) {
        if (story->tip[i].size == tip->size && !sha256_equal(&story->tip[i].root, &tip->root)) {
            return damaged(err, "other events");
        }
    }
    return HELD;
}

/* A step sent again has its one event, done before or now. */
static bool send_again(struct story *story, size_t step, bool done_before, struct error *err)
{
    struct act_result result = {0};

    if (!story_send(story, step, &result, err)) {
        return false;
    }
    return (result.seq == story->seq[step] && result.repeated == done_before &&
            story->book.office.tip.size >= story->tip[step].size) ||
           error_set(err, FAULT_INTEGRITY, "crash.again", "event %llu, repeated %d",
                     (unsigned long long)result.seq, result.repeated);
}

/* What was acknowledged is answered again; what was begun, or comes next, is done once. */
static bool go_on(struct story *story, const struct standing *standing, struct error *err)
{
    size_t next = standing->acknowledged;

    if (next > 0 && !story_makes_book(story, next - 1) && !send_again(story, next - 1, true, err)) {
        return false;
    }
    if (next == story->steps || story_makes_book(story, next)) {
        return true;
    }
    bool there = story->book.office.tip.size == story->tip[next].size;
    tape_mark(2 * next);
    if (!send_again(story, next, there, err)) {
        return false;
    }
    tape_mark(2 * next + 1);
    return send_again(story, next, true, err);
}

static bool has_turn(const struct trial *t, size_t every)
{
    return every > 0 && t->points % (int64_t)every == 0;
}

/* The invariants of books and loans, from the rows. */
static bool books_hold(struct story *story, struct error *err)
{
    struct findings findings;

    findings_init(&findings);
    bool ok = books_check(story->book.office.store, &findings, err) &&
              loans_check(story->book.office.store, &findings, err);
    if (ok && findings.total > 0) {
        ok = error_set(err, FAULT_INTEGRITY, "crash.books", "%s", findings.list[0].text);
    }
    findings_release(&findings);
    return ok;
}

/* Opening has compared the head and hashed what lies behind it; the rest is checked in turns. */
static bool checks_hold(struct trial *t, bool again, struct error *err)
{
    if (!again && has_turn(t, t->sound_every)) {
        t->sound++;
        return live_book_is_sound(&t->story.book, err);
    }
    return !has_turn(t, t->books_every) || books_hold(&t->story, err);
}

static enum verdict look_at(struct trial *t, const struct standing *standing, bool again,
                            struct error *err)
{
    struct story *story = &t->story;
    enum verdict verdict = open_after(story, standing, err);

    if (verdict == HELD) {
        verdict = check_events(story, standing, err);
    }
    if (verdict == HELD && !go_on(story, standing, err)) {
        verdict = damaged(err, "going on");
    }
    if (verdict == HELD && !checks_hold(t, again, err)) {
        verdict = damaged(err, "checks");
    }
    if (story->book.open) {
        story->book.open = false;
        if (!office_close(&story->book.office, err) && verdict == HELD) {
            verdict = damaged(err, "closing");
        }
    }
    return verdict;
}

/* --- points ----------------------------------------------------------------------------------- */

static void standing_at(const struct tape *tape, size_t op, struct standing *standing)
{
    for (size_t i = 0; i < op; i++) {
        if (tape->op[i].kind == OP_MARK) {
            standing->acknowledged = (size_t)(tape->op[i].offset + 1) / 2;
            standing->begun = tape->op[i].offset % 2 == 0;
        }
    }
}

static struct random_source random_of(const struct trial *t, size_t op, enum power_cut cut)
{
    struct random_source random = {t->seed + 1000003 * (uint64_t)op + (uint64_t)cut};
    (void)random_next(&random);
    return random;
}

static void judge(struct trial *t, const char *what, size_t op, enum power_cut cut,
                  enum verdict verdict, const struct error *err)
{
    t->points++;
    t->seen[verdict]++;
    if (verdict > NO_BOOK_YET && t->shown++ < SHOWN_MAX) {
        print_message("%s before operation %zu, %s: %s: %s\n", what, op, cut_name[cut],
                      verdict_name[verdict], err->text);
    }
}

static bool is_operation(const struct op *op)
{
    return op->kind != OP_MARK;
}

static void cut_again(struct trial *t, const struct tape *recovery, size_t from, size_t op,
                      enum power_cut first, const struct standing *before)
{
    struct random_source random = random_of(t, op, first);
    const size_t second_cuts = is_full ? 4 : 2;

    for (size_t i = 0; i < second_cuts && from < recovery->count; i++) {
        size_t at = (size_t)random_between(&random, (int64_t)from, (int64_t)recovery->count);
        enum power_cut cut = (enum power_cut)random_between(&random, 0, CUT_KINDS - 1);
        struct standing standing = *before;
        struct error err = {0};
        struct disk *disk = disk_new(recovery);
        disk_play_to(disk, at);
        disk_cut(disk, cut, &random, t->story.book.disk);
        live_book_forget();
        disk_free(disk);
        standing_at(recovery, at, &standing);
        standing.same_events = false;
        judge(t, "second cut", op, cut, look_at(t, &standing, true, &err), &err);
        t->doubles++;
    }
}

static void cut_at(struct trial *t, const struct disk *disk, size_t op, enum power_cut cut,
                   const struct standing *standing)
{
    struct random_source random = random_of(t, op, cut);
    struct tape recovery = {0};
    struct error err = {0};
    bool twice = has_turn(t, t->double_every);

    disk_cut(disk, cut, &random, t->story.book.disk);
    live_book_forget();
    if (twice) {
        tape_start(&recovery, t->story.book.disk);
    }
    size_t from = recovery.count;
    enum verdict verdict = look_at(t, standing, false, &err);
    judge(t, "cut", op, cut, verdict, &err);
    if (twice) {
        tape_stop();
        if (verdict == HELD) {
            cut_again(t, &recovery, from, op, cut, standing);
        }
        tape_release(&recovery);
    }
}

static bool is_beside_sync(const struct tape *tape, size_t op)
{
    return op == tape->count || tape->op[op].kind == OP_SYNC ||
           tape->op[op].kind == OP_SYNC_FOLDER || tape->op[op - 1].kind == OP_SYNC ||
           tape->op[op - 1].kind == OP_SYNC_FOLDER;
}

static void cut_everywhere(struct trial *t, size_t from)
{
    struct disk *disk = disk_new(&t->tape);

    for (size_t op = from; op <= t->tape.count; op++) {
        struct standing standing = {.same_events = true};
        bool beside = is_beside_sync(&t->tape, op);
        if (op < t->tape.count && !is_operation(&t->tape.op[op])) {
            continue;
        }
        disk_play_to(disk, op);
        standing_at(&t->tape, op, &standing);
        for (enum power_cut cut = 0; cut < CUT_KINDS; cut++) {
            bool its_turn = op % t->stride == 0 && op / t->stride % CUT_KINDS == (size_t)cut;
            if ((t->kinds >> cut & 1) != 0 && (is_full || beside || its_turn)) {
                cut_at(t, disk, op, cut, &standing);
            }
        }
    }
    disk_free(disk);
}

/* --- trials ----------------------------------------------------------------------------------- */

static void record(struct trial *t, enum story_part part, const char *pragma, size_t *ret_from)
{
    story_prepare(&t->story, part);
    t->story.pragma = pragma;
    tape_start(&t->tape, t->story.book.disk);
    *ret_from = t->tape.count;
    story_play(&t->story);
    tape_stop();
}

static void try_part(struct trial *t, enum story_part part, const char *pragma)
{
    size_t from = 0;

    record(t, part, pragma, &from);
    print_message("power cut: %zu operations of %zu commands recorded\n", t->tape.count - from,
                  t->story.steps);
    t->story.pragma = NULL;
    cut_everywhere(t, from);
    tape_release(&t->tape);
    story_release(&t->story);
}

static void report(const struct trial *t, int64_t started_ms)
{
    int64_t ms = clock_milliseconds() - started_ms + 1;
    print_message(
        "power cut: %lld points in %lld ms, %lld a second; %lld of them second cuts, %lld "
        "with every check\n",
        (long long)t->points, (long long)ms, (long long)(t->points * 1000 / ms),
        (long long)t->doubles, (long long)t->sound);
    for (size_t i = 0; i < VERDICTS; i++) {
        print_message("    %s: %lld\n", verdict_name[i], (long long)t->seen[i]);
    }
}

static void nothing_acknowledged_is_lost(void **state)
{
    struct random_source random = random_start("power cut");
    struct trial t = {.stride = 25,
                      .double_every = is_full ? 18 : 30,
                      .books_every = 5,
                      .sound_every = 100,
                      .kinds = ~0U};
    int64_t started = clock_milliseconds();
    const int rounds = is_full ? 11 : 1;
    const int64_t promised = is_full ? 100000 : 2000;
    const int64_t promised_doubles = is_full ? 20000 : 100;

    (void)state;
    for (int round = 0; round < rounds; round++) {
        t.seed = random_next(&random);
        try_part(&t, STORY_LENDING, NULL);
        try_part(&t, STORY_CLAIM, NULL);
    }
    report(&t, started);
    assert_true(t.points - t.doubles >= promised);
    assert_true(t.doubles >= promised_doubles);
    check_int_equal(t.seen[HELD] + t.seen[NO_BOOK_YET], t.points);
    assert_true(t.seen[HELD] > t.points / 2);
}

/* The controls: were the syncs not there, this test would say so. */
static void control(const char *pragma)
{
    struct random_source random = random_start(pragma);
    struct trial t = {.stride = is_full ? 1 : 60,
                      .kinds =
                          is_full ? ~0U : 1U << CUT_KEPT | 1U << CUT_DROPPED | 1U << CUT_REORDERED,
                      .seed = random_next(&random)};
    int64_t started = clock_milliseconds();

    t.shown = SHOWN_MAX; /* losses are what is wanted here */
    try_part(&t, STORY_CLAIM, pragma);
    report(&t, started);
    assert_true(t.seen[LOSS_ANNOUNCED] + t.seen[LOSS_SILENT] > 0);
    /* What the head knew of is never missing in silence. */
    assert_true(t.seen[LOSS_ANNOUNCED] > 0);
}

static void with_synchronous_normal_events_are_lost(void **state)
{
    (void)state;
    control("PRAGMA synchronous = NORMAL");
}

static void with_synchronous_off_events_are_lost(void **state)
{
    (void)state;
    control("PRAGMA synchronous = OFF");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_acknowledged_is_lost),
        cmocka_unit_test(with_synchronous_normal_events_are_lost),
        cmocka_unit_test(with_synchronous_off_events_are_lost),
    };
    is_full = argc > 1 && strcmp(argv[1], "full") == 0;
    /* One thread, and nobody asks how much memory is in use. */
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_SINGLETHREAD), SQLITE_OK);
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0), SQLITE_OK);
    recording_vfs_register();
    recording_syncs(SYNCS_SPARED);
    return cmocka_run_group_tests_name("power cut", tests, NULL, NULL);
}
