/* Random waterfalls with any number of payers, shares, deductibles, floors, caps, takeovers and
 * instalments: no fen is made or lost, nothing is negative, no cap is passed; and recoveries of
 * every shape never shrink for anyone. Figures are checked with plain integers; the seed is
 * printed. */
#include "rules/waterfall.h"
#include "tests/support/check.h"
#include "tests/support/file.h"
#include "tests/support/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BASE TEST_SOURCE_DIR "/tests/policies/base.yaml"
#define POLICIES 1500
#define LOSSES 12
#define RECOVERIES 40

/* One step as it was written, in the order of the file. */
struct made_step {
    size_t payer;
    int64_t most;  /* fen; INT64_MAX: no cap */
    bool yearly;   /* the cap is lowered by what was borne this year */
    bool relative; /* takes over from another payer */
};

struct made {
    struct policy *policy;
    size_t payers;
    struct made_step steps[PAYERS_MAX];
    size_t steps_count;
    size_t remainder;
};

static const char *name_of(size_t payer)
{
    static const char *const names[PAYERS_MAX] = {"insurer", "fund", "bank", "p3", "p4",  "p5",
                                                  "p6",      "p7",   "p8",   "p9", "p10", "p11",
                                                  "p12",     "p13",  "p14",  "p15"};
    return names[payer];
}

static void shuffle(struct random_source *source, size_t order[PAYERS_MAX], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        order[i] = i;
    }
    for (size_t i = count; i > 1; i--) {
        size_t other = (size_t)random_between(source, 0, (int64_t)i - 1);
        size_t kept = order[i - 1];
        order[i - 1] = order[other];
        order[other] = kept;
    }
}

static const char *percent(int64_t ppm)
{
    static char text[4][32];
    static int next = 0;
    char *at = text[next++ % 4];
    snprintf(at, sizeof text[0], "%lld.%04lld%%", (long long)(ppm / 10000),
             (long long)(ppm % 10000));
    return at;
}

static bool chance(struct random_source *source, int64_t in_a_hundred)
{
    return random_between(source, 0, 99) < in_a_hundred;
}

/* The last share is what the others leave of the whole. */
static void write_instalments(struct random_source *source, FILE *out)
{
    int64_t left = 1000000;
    int64_t count = random_between(source, 1, INSTALMENTS_MAX);
    fputs(", instalments: [", out);
    for (int64_t i = 0; i < count; i++) {
        int64_t share = i + 1 == count ? left : random_between(source, 0, left);
        fprintf(out, "%s{share: %s, within: %lld days}", i == 0 ? "" : ", ", percent(share),
                (long long)(10 * (i + 2)));
        left -= share;
    }
    fputs("]", out);
}

static void write_cap(struct random_source *source, FILE *out, struct made_step *step)
{
    static const int64_t tops[] = {1, 100, 100000, 10000000};
    step->most = 1 + random_between(source, 0, tops[random_between(source, 0, 3)]);
    step->yearly = chance(source, 50);
    fprintf(out, ", at_most: \"%lld.%02lld yuan%s\"", (long long)(step->most / 100),
            (long long)(step->most % 100), step->yearly ? " - borne_this_year" : "");
    if (!step->relative && chance(source, 50)) {
        fputs(", excess: next steps", out);
    }
}

/* Shares of the loss never come to more than the whole: `left` counts them. */
static void write_step(struct random_source *source, FILE *out, const struct made *made,
                       struct made_step *step, int64_t *left)
{
    static const char *const roundings[] = {"", ", rounding: down", ", rounding: half_up",
                                            ", rounding: half_even"};
    const struct made_step *first = &made->steps[0];
    bool of_loss = chance(source, 40) && *left > 1;
    int64_t share = random_between(source, 1, of_loss ? *left / 2 : 1000000);
    step->most = INT64_MAX;
    step->relative = made->steps_count > 0 && made->steps_count < 4 && chance(source, 25);
    fprintf(out, "%s{payer: %s, ", made->steps_count == 0 ? "" : ", ", name_of(step->payer));
    if (step->relative) {
        /* At most three take over from the first, each at most 30 %. */
        fprintf(out, "share: %s, of: what %s bears", percent(random_between(source, 0, 300000)),
                name_of(first->payer));
    } else if (of_loss) {
        fprintf(out, "share: %s, of: loss", percent(share));
        *left -= share;
    } else {
        fprintf(out, "share: %s, of: rest", percent(share));
        *left = *left * (1000000 - share) / 1000000;
    }
    fputs(roundings[random_between(source, 0, 3)], out);
    if (chance(source, 20)) {
        fprintf(out, ", deductible: %lld yuan", (long long)random_between(source, 0, 500));
    }
    if (chance(source, 20)) {
        fprintf(out, ", at_least: %lld yuan", (long long)random_between(source, 0, 500));
    }
    if (chance(source, 40)) {
        write_cap(source, out, step);
    }
    if (chance(source, 30)) {
        write_instalments(source, out);
    }
    if (chance(source, 20)) {
        fprintf(out, ", advanced_by: %s", name_of(step->payer == 1 ? 0 : 1));
    }
    fputs("}", out);
}

static void write_payers(FILE *out, size_t count)
{
    static const char *const books[] = {"insurer", "fund", "bank"};
    fputs("\npayers: [", out);
    for (size_t i = PAYER_COUNT; i < count; i++) {
        fprintf(out, "%s{name: %s, booked_as: %s, title: {zh: 甲, en: a}}",
                i == PAYER_COUNT ? "" : ", ", name_of(i), books[i % 3]);
    }
    fputs("]\n", out);
}

static void write_loss(struct random_source *source, FILE *out, struct made *made)
{
    size_t order[PAYERS_MAX];
    int64_t left = 1000000;
    shuffle(source, order, made->payers);
    made->remainder = order[0];
    fputs("loss: {governed_by: claim, values: [{from: 2016-01-01, steps: [", out);
    size_t count = (size_t)random_between(source, 0, (int64_t)made->payers - 1);
    for (size_t i = 0; i < count; i++) {
        struct made_step *step = &made->steps[i];
        step->payer = order[i + 1];
        write_step(source, out, made, step, &left);
        made->steps_count++;
    }
    fprintf(out, "], remainder: %s, clause: q}]}\n", name_of(made->remainder));
}

static void write_recovery(struct random_source *source, FILE *out, const struct made *made)
{
    static const char *const roundings[] = {"", ", rounding: half_up", ", rounding: half_even"};
    size_t order[PAYERS_MAX];
    int64_t left = 1000000;
    shuffle(source, order, made->payers);
    fputs("recovery: {governed_by: claim, values: [{from: 2016-01-01, ", out);
    if (chance(source, 40)) {
        fputs("shared_by: what each bore", out);
    } else {
        size_t count = (size_t)random_between(source, 0, (int64_t)made->payers - 1);
        fputs("steps: [", out);
        for (size_t i = 0; i < count; i++) {
            bool of_rest = chance(source, 40);
            int64_t share = random_between(source, 0, of_rest ? 1000000 : left);
            fprintf(out, "%s{payer: %s, share: %s, of: %s%s}", i == 0 ? "" : ", ",
                    name_of(order[i + 1]), percent(share), of_rest ? "rest" : "recovered",
                    roundings[random_between(source, 0, 2)]);
            left -= of_rest ? 0 : share;
        }
        fputs("]", out);
    }
    fprintf(out, ", remainder: %s, clause: r}]}", name_of(order[0]));
}

static void make(struct random_source *source, struct made *ret)
{
    size_t length = 0;
    char *base = file_read(BASE, &length);
    char *at = strstr(base, "\nloss:");
    char *repayment = strstr(base, "\nrepayment:");
    char *text = NULL;
    struct error err = {0};
    FILE *out = open_memstream(&text, &length);
    *ret = (struct made){.payers = (size_t)random_between(source, PAYER_COUNT, PAYERS_MAX)};
    fprintf(out, "%.*s", (int)(at - base), base);
    write_payers(out, ret->payers);
    write_loss(source, out, ret);
    write_recovery(source, out, ret);
    fputs(repayment, out);
    fclose(out);
    if (!policy_load("random.yaml", text, strlen(text), &ret->policy, &err)) {
        fail_msg("%s at %d:%d: %s %s\n%s", err.reason, err.line, err.column, err.text, err.limit,
                 text);
    }
    free(text);
    free(base);
}

/* Small amounts, where rounding shows, as often as large ones. */
static int64_t random_amount(struct random_source *source)
{
    static const int64_t tops[] = {3, 100, 20000, 5000000, MONEY_LIMIT_FEN};
    return random_between(source, 0, tops[random_between(source, 0, COUNT_OF(tops) - 1)]);
}

static int64_t sum(const struct made *made, const struct shares *shares)
{
    int64_t total = 0;
    for (size_t i = 0; i < PAYERS_MAX; i++) {
        assert_true(money_fen(shares->of[i]) >= 0);
        assert_true(i < made->payers || money_is_zero(shares->of[i]));
        total += money_fen(shares->of[i]);
    }
    return total;
}

static void check_caps(const struct made *made, const struct loss_case *loss,
                       const struct loss_split *split)
{
    check_int_equal((int64_t)split->step_count, (int64_t)made->steps_count);
    for (size_t i = 0; i < made->steps_count; i++) {
        const struct made_step *step = &made->steps[i];
        const struct loss_step_result *result = &split->steps[i];
        int64_t part = money_fen(result->part);
        int64_t most = step->most;
        if (step->yearly) {
            most -= money_fen(loss->this_year.of[step->payer]);
        }
        check_int_equal((int64_t)result->payer, (int64_t)step->payer);
        assert_true(part <= (most > 0 ? most : 0));
        assert_true(part <= money_fen(result->share));
        assert_true(money_fen(split->shares.of[step->payer]) <= part);
    }
}

/* What is handed over for a payer comes to what it bears. */
static void check_payments(const struct made *made, const struct loss_split *split)
{
    int64_t handed[PAYERS_MAX] = {0};
    for (size_t i = 0; i < split->payment_count; i++) {
        assert_true(money_is_positive(split->payments[i].amount));
        handed[split->payments[i].payer] += money_fen(split->payments[i].amount);
    }
    for (size_t i = 0; i < made->payers; i++) {
        bool pays = policy_payer(made->policy, i).booked_as != PAYER_BANK;
        check_int_equal(handed[i], pays ? money_fen(split->shares.of[i]) : 0);
    }
}

static void share_a_loss(struct random_source *source, const struct made *made,
                         struct loss_split *ret)
{
    struct governing_days days;
    struct case_facts facts = {0};
    struct error err = {0};
    struct loss_case loss = {.loss = money_from_fen(random_amount(source)),
                             .days = &days,
                             .facts = &facts,
                             .has_history = true};
    for (size_t i = 0; i < GOVERNING_DATE_COUNT; i++) {
        days.of[i] = day("2018-01-18");
    }
    for (size_t i = 0; i < PAYERS_MAX; i++) {
        loss.this_year.of[i] = money_from_fen(random_between(source, 0, 100000));
    }
    check_ok(policy_split_loss(made->policy, day("2018-01-18"), &loss, ret, &err), &err);
    check_int_equal(sum(made, &ret->shares), money_fen(loss.loss));
    check_caps(made, &loss, ret);
    check_payments(made, ret);
    struct shares booked = shares_booked(made->policy, &ret->shares);
    check_int_equal(money_fen(booked.of[PAYER_INSURER]) + money_fen(booked.of[PAYER_FUND]) +
                        money_fen(booked.of[PAYER_BANK]),
                    money_fen(loss.loss));
}

static void every_fen_of_a_loss_is_borne_by_somebody(void **state)
{
    (void)state;
    struct random_source source = random_start("every_fen_of_a_loss_is_borne_by_somebody");
    for (int round = 0; round < POLICIES; round++) {
        struct made made;
        struct loss_split split;
        make(&source, &made);
        for (int i = 0; i < LOSSES; i++) {
            share_a_loss(&source, &made, &split);
        }
        policy_free(made.policy);
    }
}

static void recover(const struct made *made, const struct shares *borne, int64_t recovered,
                    struct shares *ret)
{
    struct error err = {0};
    check_ok(policy_split_recovery(made->policy, day("2018-01-18"), borne,
                                   money_from_fen(recovered), ret, &err),
             &err);
    check_int_equal(sum(made, ret), recovered);
    for (size_t i = 0; i < PAYERS_MAX; i++) {
        assert_true(money_fen(ret->of[i]) <= money_fen(borne->of[i]));
    }
}

/* A little more each time, at first fen by fen, at the end everything. */
static void recover_step_by_step(struct random_source *source, const struct made *made,
                                 const struct shares *borne, int64_t whole)
{
    struct shares before = {0};
    int64_t recovered = 0;
    for (int i = 0; i < RECOVERIES; i++) {
        struct shares now;
        int64_t left = whole - recovered;
        int64_t step = i < RECOVERIES / 2 ? (left > 0 ? 1 : 0) : random_between(source, 0, left);
        recovered += i + 1 == RECOVERIES ? left : step;
        recover(made, borne, recovered, &now);
        for (size_t p = 0; p < PAYERS_MAX; p++) {
            assert_true(money_fen(now.of[p]) >= money_fen(before.of[p]));
        }
        before = now;
    }
    for (size_t p = 0; p < PAYERS_MAX; p++) {
        check_int_equal(money_fen(before.of[p]), money_fen(borne->of[p]));
    }
}

static void recoveries_never_take_back_and_end_with_what_each_bore(void **state)
{
    (void)state;
    struct random_source source =
        random_start("recoveries_never_take_back_and_end_with_what_each_bore");
    for (int round = 0; round < POLICIES; round++) {
        struct made made;
        struct loss_split split;
        make(&source, &made);
        share_a_loss(&source, &made, &split);
        recover_step_by_step(&source, &made, &split.shares, sum(&made, &split.shares));
        policy_free(made.policy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fen_of_a_loss_is_borne_by_somebody),
        cmocka_unit_test(recoveries_never_take_back_and_end_with_what_each_bore),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
