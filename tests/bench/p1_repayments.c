/* P1: a county's loans lie a month past maturity, and each household pays 10,000.00 of its debt:
 * 280.94 penalty, 187.29 interest, 9,531.77 principal. Every payment is a command of its own
 * through the door, committed and synced before the next.
 *
 * The baseline writes for each: the event with its leaf, the command id, one repayment, one state
 * of the loan, one entry with its four lines, four balances of accounts and four of the loan, and
 * the frontier; once as it is, and once signing the text of the event before. */
#include "ledger/base/text.h"
#include "tests/bench/bench_book.h"
#include "tests/bench/raw.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK 500
#define PAID_FEN 1000000
#define LINES 4

struct side {
    sqlite3 *db;
    struct tape *tape;
    bool signs;
    struct timings timings;
};

static void side_open(struct side *side, const char *path, sqlite3 *source, bool signs)
{
    side->db = raw_open(path);
    raw_drop_triggers(side->db);
    raw_run(side->db, "PRAGMA foreign_keys = OFF");
    side->signs = signs;
    side->tape = tape_new(source, side->db);
}

static void side_close(struct side *side)
{
    tape_free(side->tape);
    raw_close(side->db);
    timings_release(&side->timings);
}

static void sign(const struct tape *tape, size_t i, const unsigned char secret[static 64])
{
    const unsigned char *text = NULL;
    size_t length = 0;
    unsigned char signature[64];
    tape_text(tape, i, &text, &length);
    if (crypto_sign_detached(signature, NULL, text, length, secret) != 0) {
        bench_fail("a text cannot be signed");
    }
}

/* The events from `seq` on. */
static void side_play(struct side *side, uint64_t seq, size_t count)
{
    unsigned char public[crypto_sign_PUBLICKEYBYTES];
    unsigned char secret[crypto_sign_SECRETKEYBYTES];
    crypto_sign_keypair(public, secret);
    tape_record(side->tape, (int64_t)seq, count);
    for (size_t i = 0; i < count; i++) {
        int64_t start = nanoseconds();
        if (side->signs) {
            sign(side->tape, i, secret);
        }
        tape_play(side->tape, i);
        timings_add(&side->timings, nanoseconds() - start);
    }
}

static void check_part(const struct canon *body, const char *name, int64_t want)
{
    int64_t got = 0;
    if (!canon_get_int(canon_get(body, "out"), name, &got)) {
        bench_fail("the repayment has no %s", name);
    }
    bench_same(name, got, want);
}

static void repay(struct office *office, int64_t loan, struct timings *timings)
{
    struct act_result done;
    int64_t start = nanoseconds();
    arena_reset(&office->arena);
    struct canon *request = canon_object(&office->arena);
    canon_set_int(request, "loan", loan);
    canon_set_int(request, "amount_fen", PAID_FEN);
    bench_act(office, BENCH_CLERK, "loan.repay", request, &done);
    timings_add(timings, nanoseconds() - start);
    check_part(done.body, "penalty_fen", 28094);
    check_part(done.body, "interest_fen", 18729);
    check_part(done.body, "principal_fen", 953177);
    check_part(done.body, "over_fen", 0);
}

static void check_result(struct office *office, sqlite3 *db, int64_t count, int64_t lines_before)
{
    bench_same("repayments", raw_number(db, "SELECT count(*) FROM repayment"), count);
    bench_same("lines", raw_number(db, "SELECT count(*) FROM line"), lines_before + LINES * count);
    bench_same("principal paid back",
               raw_number(db, "SELECT sum(applied_fen) FROM loan") -
                   raw_number(db, "SELECT debit_fen - credit_fen FROM balance"
                                  " WHERE account_id = 3"),
               953177 * count);
    bench_check_book(office);
}

void bench_repayments(struct bench *bench)
{
    size_t count = bench->smoke ? 30 : 20000;
    size_t chunk = bench->smoke ? 10 : CHUNK;
    struct office office;
    struct timings ours = {0};
    struct side plain = {0};
    struct side signing = {0};
    char *raw_path = bench_path(bench, "p1-raw.db");
    char *signing_path = bench_path(bench, "p1-raw-signed.db");

    bench_book_open(bench, "p1", "2016-10-20", &office);
    bench_arrears(&office);
    bench_multiply(&office, (int64_t)count, NULL);
    char *path = strdup(office.store_path);
    raw_copy(path, raw_path);
    raw_copy(path, signing_path);
    sqlite3 *source = raw_open(path);
    int64_t lines = raw_number(source, "SELECT count(*) FROM line");
    side_open(&plain, raw_path, source, false);
    side_open(&signing, signing_path, source, true);

    sync(); /* what was prepared must not be written while the clock runs */
    /* In turn, so that what else the machine does falls on all alike. */
    for (size_t done = 0; done < count; done += chunk) {
        uint64_t seq = office.tip.size;
        for (size_t i = 0; i < chunk; i++) {
            repay(&office, (int64_t)(done + i + 1), &ours);
        }
        side_play(&plain, seq, chunk);
        side_play(&signing, seq, chunk);
    }

    check_result(&office, source, (int64_t)count, lines);
    bench_line("yicang", &ours, count, "postings");
    bench_line("raw SQLite", &plain.timings, count, "postings");
    bench_line("raw SQLite, signing", &signing.timings, count, "postings");
    bench_judge(bench, (double)plain.timings.total / (double)ours.total, 0.60, +1);
    printf("    ratio %.2f to the baseline that signs\n",
           (double)signing.timings.total / (double)ours.total);
    timings_release(&ours);
    side_close(&plain);
    side_close(&signing);
    raw_close(source);
    bench_book_end(&office);
    raw_compare(path, raw_path);
    raw_compare(path, signing_path);
    free(path);
    free(raw_path);
    free(signing_path);
}
