#include "tests/crash/story.h"

#include "ledger/base/text.h"
#include "ledger/store/store_sqlite.h"
#include "tests/crash/tape.h"

#include <stdlib.h>
#include <string.h>

struct step {
    const char *as;
    const char *type;
    const char *word; /* staff, role, payer */
    int64_t number;   /* household, loan, claim, recovery; serial */
    int64_t fen;
    size_t of;  /* the step whose event is decided on */
    bool stays; /* the process goes on with the next step */
};

static const struct step lending[] = {
    {.type = "book init"},
    {"admin", "key.add", "clerk", 0, 0, 0, true},
    {"admin", "key.add", "approver", 0, 0, 0, true},
    {"admin", "key.add", "manager", 0, 0, 0, true},
    {"admin", "key.add", "bureau", 0, 0, 0, false},
    {"bureau", "fund.open", NULL, 0, 100000000, 0, false},
    {"clerk", "household.add", NULL, 1, 0, 0, true},
    {"clerk", "household.add", NULL, 2, 0, 0, false},
    {"clerk", "loan.apply", NULL, 1, 5000000, 0, false},
    {"approver", "loan.approve", NULL, 1, 5000000, 8, false},
    {"clerk", "loan.disburse", NULL, 1, 5000000, 0, false},
    {"clerk", "day.close", NULL, 0, 0, 0, true},
    {"clerk", "day.close", NULL, 0, 0, 0, true},
    {"clerk", "loan.apply", NULL, 2, 1000000, 0, true},
    {"manager", "loan.approve", NULL, 2, 1000000, 13, true},
    {"manager", "loan.disburse", NULL, 2, 1000000, 0, true},
    {"clerk", "day.close", NULL, 0, 0, 0, true},
    {"clerk", "day.close", NULL, 0, 0, 0, true},
    {"clerk", "key.rotate", NULL, 0, 0, 0, false},
    {"clerk", "loan.repay", NULL, 2, 300000, 0, false},
    {"clerk", "loan.repay", NULL, 2, 100, 0, false},
    {"bureau", "fund.deposit", NULL, 0, 1, 0, false},
    {"clerk", "day.close", NULL, 0, 0, 0, true},
    {"clerk", "day.close", NULL, 0, 0, 0, true},
    {"clerk", "key.rotate", NULL, 0, 0, 0, true},
    {"bureau", "fund.deposit", NULL, 0, 1, 0, false},
};

/* The loan of 50,000.00 is lost: 35,000.00 insurer, 7,500.00 fund, 7,500.00 bank. */
static const struct step claiming[] = {
    {"risk", "claim.open", NULL, 1, 0, 0, false},
    {"clerk", "day.close", NULL, 0, 0, 0, false},
    {"bureau", "claim.accept", NULL, 1, 0, 0, false},
    {"clerk", "day.close", NULL, 0, 0, 0, true},
    {"clerk", "claim.pay", "insurer", 1, 3500000, 0, true},
    {"bureau", "claim.pay", "fund", 1, 750000, 0, false},
    {"clerk", "recovery.record", NULL, 1, 1020000, 0, false},
    {"clerk", "recovery.transfer", "insurer", 1, 0, 0, true},
    {"clerk", "recovery.transfer", "fund", 1, 0, 0, false},
    {"bureau", "fund.top-up", NULL, 2016, 0, 0, false},
    {"clerk", "subsidy.claim", NULL, 0, 0, 0, false},
    {"clerk", "premium.claim", NULL, 0, 0, 0, true},
    {"clerk", "premium.receive", NULL, 1, 75000, 0, true},
    {"clerk", "premium.pay", NULL, 1, 75000, 0, false},
    {"clerk", "day.close", NULL, 0, 0, 0, true},
    {"clerk", "day.close", NULL, 0, 0, 0, true},
    {"clerk", "key.rotate", NULL, 0, 0, 0, false},
    {"bureau", "fund.deposit", NULL, 0, 1, 0, false},
};

static const struct step *step_of(const struct story *story, size_t step)
{
    assert_true(step < story->steps);
    return story->part == STORY_LENDING ? &lending[step] : &claiming[step];
}

const char *story_type(const struct story *story, size_t step)
{
    return step_of(story, step)->type;
}

bool story_makes_book(const struct story *story, size_t step)
{
    return text_equal(step_of(story, step)->type, "book init");
}

bool story_ends_process(const struct story *story, size_t step)
{
    return !step_of(story, step)->stays;
}

/* --- requests --------------------------------------------------------------------------------- */

static void fill_loan(struct story *story, const struct step *step, struct canon *request)
{
    const char *type = step->type;

    if (text_equal(type, "loan.apply")) {
        canon_set_text(request, "product", "household");
        canon_set_text(request, "purpose", "planting");
        canon_set_int(request, "household", step->number);
        canon_set_int(request, "borrower", step->number);
        canon_set_int(request, "rate_ppm", 43500);
        canon_set_int(request, "term_months", 1);
        canon_set_int(request, "age", 40);
    } else {
        canon_set_int(request, "loan", step->number);
    }
    if (text_equal(type, "loan.approve")) {
        canon_set_int(request, "age", 40);
        live_of_event(&story->book, request, story->seq[step->of]);
    }
    if (!text_equal(type, "claim.open")) {
        canon_set_int(request, "amount_fen", step->fen);
    }
}

static void fill_claim(struct story *story, const struct step *step, struct canon *request)
{
    const char *type = step->type;

    canon_set_int(request, text_equal(type, "recovery.transfer") ? "recovery" : "claim",
                  step->number);
    if (step->word != NULL) {
        canon_set_text(request, "payer", step->word);
    }
    if (step->fen > 0) {
        canon_set_int(request, "amount_fen", step->fen);
    }
    if (text_equal(type, "recovery.record")) {
        canon_set_int(request, "costs_fen", 20000);
    }
    if (text_equal(type, "claim.accept")) {
        live_of_event(&story->book, request, story->seq[step->of]);
    }
}

static struct canon *request_of(struct story *story, const struct step *step)
{
    const char *type = step->type;
    struct personal_data ignored;
    struct canon *request = canon_object(&story->book.office.arena);

    if (text_equal(type, "key.add")) {
        const char *role = text_equal(step->word, "bureau") ? "bureau-officer" : step->word;
        return live_hire_request(&story->book, step->word, role);
    }
    if (text_equal(type, "household.add")) {
        return live_household_request(&story->book, (int)step->number, &ignored);
    }
    if (strncmp(type, "loan.", 5) == 0 || text_equal(type, "claim.open")) {
        fill_loan(story, step, request);
    } else if (strncmp(type, "claim.", 6) == 0 || strncmp(type, "recovery.", 9) == 0 ||
               text_equal(type, "premium.receive") || text_equal(type, "premium.pay")) {
        fill_claim(story, step, request);
    } else if (text_equal(type, "fund.top-up")) {
        canon_set_int(request, "year", step->number);
    } else if (text_equal(type, "subsidy.claim") || text_equal(type, "premium.claim")) {
        canon_set_date(request, "through", day("2016-12-31"));
    } else if (!text_equal(type, "day.close") && !text_equal(type, "key.rotate")) {
        canon_set_int(request, "amount_fen", step->fen);
    }
    return request;
}

/* --- playing ---------------------------------------------------------------------------------- */

bool story_open(struct story *story, struct error *err)
{
    if (!live_book_try_open(&story->book, err)) {
        return false;
    }
    return story->pragma == NULL || store_run_own(story->book.office.store, story->pragma, err);
}

bool story_send(struct story *story, size_t number, struct act_result *ret, struct error *err)
{
    const struct step *step = step_of(story, number);
    return live_act(&story->book, 1000 * (uint64_t)story->part + number + 1, step->as, step->type,
                    request_of(story, step), ret, err);
}

static void play_step(struct story *story, size_t step)
{
    struct error err = {0};
    struct act_result done = {0};

    tape_mark(2 * step);
    if (story_makes_book(story, step)) {
        check_ok(live_book_init(&story->book, "2016-10-20", &err), &err);
        done.seq = story->book.office.tip.size - 1;
    } else {
        if (!story->book.open) {
            check_ok(story_open(story, &err), &err);
        }
        check_ok(story_send(story, step, &done, &err), &err);
        assert_false(done.repeated);
    }
    story->seq[step] = done.seq;
    story->tip[step] = story->book.office.tip;
    tape_mark(2 * step + 1);
    if (story_ends_process(story, step)) {
        live_book_close(&story->book);
    }
}

void story_play(struct story *story)
{
    for (size_t step = 0; step < story->steps; step++) {
        play_step(story, step);
    }
}

static void do_before(struct story *story, uint64_t command, const struct step *step)
{
    struct act_result done;
    struct error err = {0};
    check_ok(
        live_act(&story->book, command, step->as, step->type, request_of(story, step), &done, &err),
        &err);
    story->seq[0] = done.seq;
}

/* A loan of one month paid out on 2016-10-20, and 123 days closed: 90 days overdue since
 * 2017-02-18. */
static void overdue_loan(struct story *story)
{
    static const struct step before[] = {
        {"bureau", "fund.open", NULL, 0, 100000000, 0, true},
        {"clerk", "household.add", NULL, 1, 0, 0, true},
        {"clerk", "loan.apply", NULL, 1, 5000000, 0, true},
        {"approver", "loan.approve", NULL, 1, 5000000, 0, true},
        {"clerk", "loan.disburse", NULL, 1, 5000000, 0, true},
    };
    static const struct step close = {"clerk", "day.close", NULL, 0, 0, 0, true};

    live_book_open(&story->book);
    for (size_t i = 0; i < COUNT_OF(before); i++) {
        do_before(story, 5000 + i, &before[i]);
    }
    for (uint64_t i = 0; i < 123; i++) {
        do_before(story, 6000 + i, &close);
    }
    live_book_close(&story->book);
}

void story_prepare(struct story *story, enum story_part part)
{
    enum sync_mode before = recording_sync_mode();
    *story = (struct story){
        .part = part, .steps = part == STORY_LENDING ? COUNT_OF(lending) : COUNT_OF(claiming)};
    recording_syncs(SYNCS_SPARED);
    if (part == STORY_LENDING) {
        live_book_prepare(&story->book);
    } else {
        live_book_create(&story->book, "2016-10-20");
        overdue_loan(story);
        live_book_open(&story->book);
        story->first_size = story->book.office.tip.size;
        live_book_close(&story->book);
    }
    recording_syncs(before);
}

void story_release(struct story *story)
{
    live_book_release(&story->book);
}
