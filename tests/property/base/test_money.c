/* Properties of amounts over random values near zero, near the limits, and between. */
#include "ledger/base/money.h"
#include "tests/support/check.h"
#include "tests/support/random.h"

#include <stdlib.h>
#include <string.h>

#define ROUNDS 50000

/* Any size of number is equally likely, so that small and huge ones both come up. */
static int64_t random_fen(struct random_source *source, int64_t limit)
{
    const int bits = (int)random_between(source, 1, 63);
    const int64_t magnitude = (int64_t)(random_next(source) >> 1 >> (63 - bits));
    const int64_t fen = magnitude > limit ? limit - magnitude % 1000 : magnitude;
    return random_between(source, 0, 1) == 0 ? fen : -fen;
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    struct random_source source = random_start("what_is_written_is_read_back");
    for (int i = 0; i < ROUNDS; i++) {
        const int64_t fen = random_fen(&source, MONEY_LIMIT_FEN);
        char text[MONEY_TEXT_SIZE];
        struct money got = MONEY_ZERO;
        struct error err = {0};
        check_ok(money_parse(money_format(money_from_fen(fen), text), &got, &err), &err);
        check_fen(got, fen);
        check_ok(money_parse(money_format_grouped(money_from_fen(fen), text), &got, &err), &err);
        check_fen(got, fen);
    }
}

static void a_sum_less_one_part_is_the_other(void **state)
{
    (void)state;
    struct random_source source = random_start("a_sum_less_one_part_is_the_other");
    int overflows = 0;
    for (int i = 0; i < ROUNDS; i++) {
        const struct money a = money_from_fen(random_fen(&source, INT64_MAX));
        const struct money b = money_from_fen(random_fen(&source, INT64_MAX));
        struct money sum = money_from_fen(-77);
        struct money back = MONEY_ZERO;
        /* Halves never overflow: their sum tells whether the whole does. */
        const int64_t half = money_fen(a) / 2 + money_fen(b) / 2;
        if (money_add(a, b, &sum)) {
            assert_true(money_sub(sum, b, &back));
            check_int_equal(money_compare(back, a), 0);
        } else {
            overflows++;
            check_fen(sum, -77);
            assert_true(llabs(half) >= INT64_MAX / 2 - 1);
        }
    }
    assert_true(overflows > 0);
}

/* a x num / den by long division in base 2^16, as done by hand, without a 128-bit type. Needs
 * 0 <= a < 2^40, 0 < num < 2^22 and 0 < den < 2^31, so that the quotient is below 2^62. */
struct long_division {
    int64_t quotient, rest;
};

static struct long_division divide_long(int64_t a, int64_t num, int64_t den)
{
    const int64_t parts[3] = {a >> 32, (a >> 16) & 0xFFFF, a & 0xFFFF};
    int64_t rest = 0;
    int64_t quotient = 0;
    for (int i = 0; i < 3; i++) {
        const int64_t now = rest * 65536 + parts[i] * num;
        quotient = quotient * 65536 + now / den;
        rest = now % den;
    }
    return (struct long_division){quotient, rest};
}

static int64_t expect_rounded(struct long_division d, int64_t den, enum rounding how)
{
    if (how == ROUND_DOWN || 2 * d.rest < den)
        return d.quotient;
    if (2 * d.rest > den || how == ROUND_HALF_UP)
        return d.quotient + 1;
    return d.quotient + d.quotient % 2;
}

static void a_product_is_divided_as_by_hand(void **state)
{
    (void)state;
    struct random_source source = random_start("a_product_is_divided_as_by_hand");
    for (int i = 0; i < ROUNDS; i++) {
        const int64_t a = random_between(&source, 0, (INT64_C(1) << 40) - 1);
        const int64_t num = random_between(&source, 1, (1 << 22) - 1);
        /* Small and even divisors make ties come up. */
        const int64_t den =
            i % 2 == 0 ? random_between(&source, 1, INT32_MAX) : 2 * random_between(&source, 1, 50);
        const struct long_division want = divide_long(a, num, den);
        for (enum rounding how = ROUND_DOWN; how <= ROUND_HALF_EVEN; how++) {
            const int64_t rounded = expect_rounded(want, den, how);
            struct money got = MONEY_ZERO;
            assert_true(money_mul_div(money_from_fen(a), num, den, how, &got));
            check_fen(got, rounded);
            assert_true(money_mul_div(money_from_fen(-a), num, den, how, &got));
            check_fen(got, -rounded);
            assert_true(money_mul_div(money_from_fen(a), -num, den, how, &got));
            check_fen(got, -rounded);
        }
        struct money exact = MONEY_ZERO;
        check_int_equal(money_mul_div(money_from_fen(a), num, den, ROUND_EXACT, &exact),
                        want.rest == 0);
    }
}

static size_t count_of(const char *text, const char *word)
{
    size_t count = 0;
    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + strlen(word), word))
        count++;
    return count;
}

/* Reads the words back by another road: each character adds to, or multiplies, what was read. */
static int64_t read_words(const char *text)
{
    static const struct {
        const char *word;
        int64_t value;
    } units[] = {{"拾", 10}, {"佰", 100}, {"仟", 1000}};
    static const char digits[] = "零壹贰叁肆伍陆柒捌玖";
    const bool negative = strncmp(text, "负", 3) == 0;
    int64_t digit = 0, section = 0, below_yi = 0, yi = 0, fen = 0;
    for (const char *at = text + (negative ? 3 : 0) + strlen("人民币"); *at != '\0'; at += 3) {
        char word[4] = {at[0], at[1], at[2], '\0'};
        const char *found = strstr(digits, word);
        if (found != NULL)
            digit = (found - digits) / 3;
        for (size_t i = 0; i < COUNT_OF(units); i++) {
            if (strcmp(word, units[i].word) == 0) {
                section += digit * units[i].value;
                digit = 0;
            }
        }
        if (strcmp(word, "万") == 0) {
            below_yi += (section + digit) * 10000;
            section = digit = 0;
        } else if (strcmp(word, "亿") == 0) {
            yi = (yi + below_yi + section + digit) * 100000000;
            below_yi = section = digit = 0;
        } else if (strcmp(word, "元") == 0) {
            fen = (yi + below_yi + section + digit) * 100;
            digit = 0;
        } else if (strcmp(word, "角") == 0) {
            fen += digit * 10;
            digit = 0;
        }
    }
    fen += digit;
    return negative ? -fen : fen;
}

/* That they can be read back says that no two amounts have the same words. */
static void words_say_exactly_one_amount(void **state)
{
    (void)state;
    struct random_source source = random_start("words_say_exactly_one_amount");
    for (int i = 0; i < ROUNDS; i++) {
        int64_t fen = random_fen(&source, MONEY_LIMIT_FEN);
        /* Blot out stretches of digits, since zeros are where the rules are. */
        static const int64_t tens[] = {1, 10, 100, 1000, 100000, 1000000, 10000000, 10000000000};
        const int64_t low = tens[random_between(&source, 0, 7)];
        const int64_t high = tens[random_between(&source, 0, 7)];
        if (low < high)
            fen = fen / high * high + fen % low;
        char text[MONEY_WORDS_SIZE];
        money_words(money_from_fen(fen), text);
        check_int_equal(read_words(text), fen);
        check_int_equal((int64_t)count_of(text, "零零"), 0);
        check_int_equal((int64_t)count_of(text, "零万"), 0);
        check_int_equal((int64_t)count_of(text, "零亿"), 0);
        check_int_equal((int64_t)count_of(text, "零元"), fen == 0);
        check_int_equal((int64_t)count_of(text, "零整"), 0);
        check_int_equal((int64_t)count_of(text, "整"), fen % 10 == 0);
        check_int_equal((int64_t)count_of(text, "负"), fen < 0);
        check_int_equal((int64_t)count_of(text, "人民币"), 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(a_sum_less_one_part_is_the_other),
        cmocka_unit_test(a_product_is_divided_as_by_hand),
        cmocka_unit_test(words_say_exactly_one_amount),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
