/* P13: the tables of a county's book made again from its log, without planning anew and without
 * signatures: every event is read, projected and posted into an empty store, which must come to the
 * rows of the book. Then what is derived from the journal alone (`book doctor --rebuild`).
 *
 * Baseline: the rate of the door at which the same events came into the book. */
#include "cli/service/book_check.h"
#include "cli/service/replay.h"
#include "tests/bench/bench_book.h"
#include "tests/bench/raw.h"

#include <stdio.h>

#define EVENTS 20000
#define EVENTS_SMOKE 60

struct playing {
    struct replay *replay;
    struct findings findings;
};

static bool play(void *context, const struct event *event, const struct buffer *rows,
                 struct error *err)
{
    struct playing *playing = context;
    (void)err;
    replay_event(playing->replay, event, rows, &playing->findings);
    return true;
}

static void none_found(const struct findings *findings)
{
    if (findings->total > 0) {
        bench_fail("found: %s %s", findings->list[0].code, findings->list[0].text);
    }
}

static int64_t from_log(struct office *office)
{
    struct error err = {0};
    struct playing playing = {0};
    findings_init(&playing.findings);
    int64_t start = nanoseconds();
    bench_ok(replay_open(false, office->store, &playing.replay, &err), &err);
    bench_ok(log_each(office->store, 0, play, &playing, &err), &err);
    int64_t took = nanoseconds() - start;
    bench_ok(replay_compare(playing.replay, &playing.findings, &err), &err);
    none_found(&playing.findings);
    playing.replay = replay_close(playing.replay);
    findings_release(&playing.findings);
    return took;
}

static int64_t from_journal(struct office *office)
{
    struct error err = {0};
    struct findings findings;
    findings_init(&findings);
    int64_t start = nanoseconds();
    bench_ok(book_rebuild(office, &findings, &err), &err);
    int64_t took = nanoseconds() - start;
    none_found(&findings);
    findings_release(&findings);
    return took;
}

static void line(const char *who, int64_t took, int64_t things, const char *unit)
{
    printf("    %-44s %10.0f %s/s\n", who, (double)things * 1e9 / (double)took, unit);
}

void bench_rebuild(struct bench *bench)
{
    struct office office;
    size_t wanted = bench->events > 0 ? bench->events : bench->smoke ? EVENTS_SMOKE : EVENTS;

    bench_book_open(bench, "p13", "2016-10-20", &office);
    int64_t start = nanoseconds();
    bench_county(&office, wanted);
    int64_t made = nanoseconds() - start;
    int64_t events = (int64_t)office.tip.size;
    sqlite3 *db = raw_open(office.store_path);
    int64_t entries = raw_number(db, "SELECT count(*) FROM entry");
    int64_t lines = raw_number(db, "SELECT count(*) FROM line");
    raw_close(db);
    int64_t log = from_log(&office);
    int64_t journal = from_journal(&office);
    bench_check_book(&office);
    bench_book_end(&office);
    printf("  %lld events, %lld entries of %lld lines\n", (long long)events, (long long)entries,
           (long long)lines);
    line("made through the door", made, entries, "entries");
    line("all tables made again from the log", log, entries, "entries");
    line("the same", log, events, "events");
    line("balances made again from the journal, proven", journal, lines, "lines");
}
