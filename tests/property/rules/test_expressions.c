/* Random expressions: the value is worked out while the text is written, so precedence, reading
 * from the left and arithmetic are checked against plain C; and a soup of words is either compiled
 * or refused at a place that exists, never anything worse. The seed is printed. */
#include "ledger/base/buffer.h"
#include "rules/expression.h"
#include "tests/support/check.h"
#include "tests/support/random.h"

#include <stdio.h>
#include <string.h>

#define ROUNDS 5000

static const struct symbol symbols[] = {{"a", VALUE_INTEGER, NULL, NULL},
                                        {"b", VALUE_INTEGER, NULL, NULL},
                                        {"sunny", VALUE_TRUTH, NULL, NULL},
                                        {"windy", VALUE_TRUTH, NULL, NULL},
                                        {"secret", VALUE_TRUTH, NULL, NULL}};
static const struct symbol_table table = {symbols, COUNT_OF(symbols)};
static const struct fact facts[] = {{true, {VALUE_INTEGER, 7, NULL}, NULL},
                                    {true, {VALUE_INTEGER, -3, NULL}, NULL},
                                    {true, {VALUE_TRUTH, 1, NULL}, NULL},
                                    {true, {VALUE_TRUTH, 0, NULL}, NULL},
                                    {false, {VALUE_TRUTH, 0, NULL}, NULL}};

/* Binding strength of what was written last: 0 or, 1 and, 2 not, 3 comparison, 4 sum, 5 product,
 * 6 sign and value. */
struct written {
    char text[900];
    int64_t value;
    int strength;
};

/* Puts parentheses around a part that binds more loosely than its place needs, and sometimes for
 * nothing. */
static void enclose(struct random_source *source, struct written *part, int needed)
{
    if (part->strength >= needed && random_between(source, 0, 4) != 0) {
        return;
    }
    char text[sizeof part->text];
    snprintf(text, sizeof text, "(%.800s)", part->text);
    memcpy(part->text, text, sizeof text);
    part->strength = 6;
}

static struct written write_number(struct random_source *source, int depth);

static struct written number_leaf(struct random_source *source)
{
    struct written leaf = {.strength = 6};
    int64_t choice = random_between(source, 0, 2);
    leaf.value = choice == 0 ? 7 : choice == 1 ? -3 : random_between(source, 0, 99);
    if (choice == 2) {
        snprintf(leaf.text, sizeof leaf.text, "%d", (int)leaf.value);
    } else {
        snprintf(leaf.text, sizeof leaf.text, "%s", choice == 0 ? "a" : "b");
    }
    return leaf;
}

static struct written write_number(struct random_source *source, int depth)
{
    int64_t choice = depth == 0 ? 0 : random_between(source, 0, 4);
    if (choice == 0) {
        return number_leaf(source);
    }
    struct written result = {.strength = choice == 3 ? 5 : choice == 4 ? 6 : 4};
    struct written left = write_number(source, depth - 1);
    if (choice == 4) {
        enclose(source, &left, 6);
        result.value = -left.value;
        snprintf(result.text, sizeof result.text, "- %.890s", left.text);
        return result;
    }
    struct written right = write_number(source, depth - 1);
    enclose(source, &left, result.strength);
    enclose(source, &right, result.strength + 1);
    result.value = choice == 1   ? left.value + right.value
                   : choice == 2 ? left.value - right.value
                                 : left.value * right.value;
    snprintf(result.text, sizeof result.text, "%.440s %c %.440s", left.text, " +-*"[choice],
             right.text);
    return result;
}

static struct written write_comparison(struct random_source *source)
{
    static const char *const signs[] = {"=", "<>", "<", "<=", ">", ">="};
    struct written result = {.strength = 3};
    struct written left = write_number(source, 2);
    struct written right = write_number(source, 2);
    enclose(source, &left, 4);
    enclose(source, &right, 4);
    int64_t sign = random_between(source, 0, 5);
    int64_t a = left.value;
    int64_t b = right.value;
    const bool answers[] = {a == b, a != b, a<b, a <= b, a> b, a >= b};
    result.value = answers[sign];
    snprintf(result.text, sizeof result.text, "%.440s %s %.440s", left.text, signs[sign],
             right.text);
    return result;
}

static struct written write_truth(struct random_source *source, int depth)
{
    int64_t choice = depth == 0 ? random_between(source, 0, 1) : random_between(source, 0, 4);
    struct written result = {.strength = 6};
    if (choice == 0) {
        result.value = random_between(source, 0, 1);
        snprintf(result.text, sizeof result.text, "%s", result.value == 1 ? "sunny" : "windy");
        return result;
    }
    if (choice == 1) {
        return write_comparison(source);
    }
    struct written left = write_truth(source, depth - 1);
    if (choice == 2) {
        enclose(source, &left, 2);
        result.strength = 2;
        result.value = !left.value;
        snprintf(result.text, sizeof result.text, "not %.890s", left.text);
        return result;
    }
    struct written right = write_truth(source, depth - 1);
    result.strength = choice == 3 ? 1 : 0;
    enclose(source, &left, result.strength);
    enclose(source, &right, result.strength + 1);
    result.value = choice == 3 ? left.value && right.value : left.value || right.value;
    snprintf(result.text, sizeof result.text, "%.440s %s %.440s", left.text,
             choice == 3 ? "and" : "or", right.text);
    return result;
}

static void check_written(struct arena *arena, const struct written *written, enum value_kind kind)
{
    const struct expression *expression = NULL;
    size_t at = 0;
    struct value value = {0};
    struct error err = {0};
    bool compiled = expression_compile(arena, written->text, &table, kind, &expression, &at, &err);
    if (!compiled && strcmp(err.reason, "expression.too-large") == 0) {
        return;
    }
    if (!compiled || !expression_evaluate(expression, facts, NULL, &value, &err) ||
        value.number != written->value) {
        print_error("%s\nwant %d; %s\n", written->text, (int)written->value, err.text);
        fail();
    }
}

static void values_are_those_of_plain_arithmetic(void **state)
{
    (void)state;
    struct random_source source = random_start("values_are_those_of_plain_arithmetic");
    AUTO_ARENA arena;
    arena_init(&arena, (size_t)1 << 26);
    for (int round = 0; round < ROUNDS; round++) {
        struct written number = write_number(&source, 3);
        struct written truth = write_truth(&source, 3);
        check_written(&arena, &number, VALUE_INTEGER);
        check_written(&arena, &truth, VALUE_TRUTH);
        arena_reset(&arena);
    }
}

/* A soup of words, and of bytes. */
static void write_soup(struct random_source *source, struct buffer *soup)
{
    static const char *const words[] = {
        "a",       "b",     "sunny",     "windy",      "secret",     "and",     "or", "not",
        "between", "in",    "is",        "known",      "share",      "yes",     "no", "(",
        "(",       ")",     ")",         ",",          "+",          "-",       "*",  "=",
        "<>",      "<",     "<=",        ">",          ">=",         "5",       "5%", "5 yuan",
        "0.5%",    "1 day", "12 months", "2016-02-29", "2016-02-30", "half_up", "x",  "010",
        "%",       "\n",    "金额",      "\"",         "!"};
    int64_t length = random_between(source, 0, 30);
    buffer_clear(soup);
    for (int64_t i = 0; i < length; i++) {
        if (random_between(source, 0, 40) == 0) {
            buffer_add_byte(soup, (char)random_between(source, 1, 127));
        } else {
            buffer_add_text(soup, words[random_between(source, 0, COUNT_OF(words) - 1)]);
            buffer_add_text(soup, random_between(source, 0, 9) == 0 ? "" : " ");
        }
    }
}

static void soup_is_compiled_or_refused_at_a_place_that_exists(void **state)
{
    (void)state;
    struct random_source source = random_start("soup_is_compiled_or_refused");
    AUTO_ARENA arena;
    arena_init(&arena, (size_t)1 << 26);
    AUTO_BUFFER soup;
    buffer_init(&soup, 4000);
    buffer_add_text(&soup, "");
    int compiled = 0;
    for (int round = 0; round < ROUNDS * 4; round++) {
        const struct expression *expression = NULL;
        size_t at = 0;
        struct error err = {0};
        write_soup(&source, &soup);
        const char *text = soup.length == 0 ? "" : soup.data;
        if (expression_compile(&arena, text, &table, VALUE_TRUTH, &expression, &at, &err)) {
            compiled++;
            struct value value = {0};
            assert_true(expression_evaluate(expression, facts, NULL, &value, &err) ||
                        strcmp(err.reason, "expression.unknown-fact") == 0);
        } else {
            assert_true(at <= strlen(text));
            assert_true(err.line >= 1 && err.column >= 1);
            assert_true(strncmp(err.reason, "expression.", strlen("expression.")) == 0);
        }
        arena_reset(&arena);
    }
    assert_true(compiled > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_those_of_plain_arithmetic),
        cmocka_unit_test(soup_is_compiled_or_refused_at_a_place_that_exists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
