#include "ledger/audit/witness_policy.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <string.h>

#define WITNESSES 40

static char log_key[VKEY_TEXT_MAX];
static char w[WITNESSES][VKEY_TEXT_MAX];

static void make_vkey(const char *name, uint8_t type, uint8_t seed_byte, char *ret)
{
    uint8_t seed[32] = {seed_byte};
    struct signing_key key;
    signing_key_from_seed(name, type, seed, &key);
    verifier_key_format(&key.verifier, ret);
}

static int keys_make(void **state)
{
    (void)state;
    make_vkey("demo.invalid/ledger-00000001", KEY_TYPE_ED25519, 1, log_key);
    for (uint8_t i = 0; i < WITNESSES; i++) {
        char name[32];
        snprintf(name, sizeof name, "witness.invalid/%u", (unsigned)i);
        make_vkey(name, KEY_TYPE_COSIGNATURE, (uint8_t)(100 + i), w[i]);
    }
    return 0;
}

static bool parse(struct arena *arena, const char *text, const struct witness_policy **ret,
                  struct error *err)
{
    return witness_policy_parse(arena, text, strlen(text), ret, err);
}

static void quorum_of_two_levels_is_counted(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    struct error err;
    const struct witness_policy *policy = NULL;
    char text[4000];
    arena_init(&arena, 1 << 20);
    /* The example of the specification: two of three, any of three, and both. */
    snprintf(
        text, sizeof text,
        "# who must have seen it\n\nlog %s\n\twitness X1 %s\nwitness X2 %s https://x2.invalid/\n"
        "witness X3 %s\ngroup X 2 X1 X2 X3\nwitness Y1 %s\nwitness Y2 %s\nwitness Y3 %s\n"
        "group Y any  Y1 Y2\tY3 \ngroup both all X Y\nquorum both\n",
        log_key, w[0], w[1], w[2], w[3], w[4], w[5]);
    check_ok(parse(&arena, text, &policy, &err), &err);
    check_int_equal((int64_t)policy->witnesses, 6);
    for (uint64_t seen = 0; seen < 64; seen++) {
        uint64_t x = (seen & 1) + (seen >> 1 & 1) + (seen >> 2 & 1);
        bool enough = x >= 2 && seen >> 3 != 0;
        assert_true(witness_policy_is_met(policy, seen) == enough);
    }
    assert_false(witness_policy_is_met(policy, UINT64_MAX << 6)); /* bits of nobody */
    assert_non_null(witness_policy_log(policy, "demo.invalid/ledger-00000001"));
    assert_null(witness_policy_log(policy, "demo.invalid/ledger-00000002"));
}

static void one_witness_or_none_can_be_the_quorum(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    struct error err;
    const struct witness_policy *policy = NULL;
    char text[1000];
    arena_init(&arena, 1 << 20);
    snprintf(text, sizeof text, "witness a %s\nwitness b %s\nquorum b\n", w[0], w[1]);
    check_ok(parse(&arena, text, &policy, &err), &err);
    assert_true(witness_policy_is_met(policy, 2));
    assert_false(witness_policy_is_met(policy, 1));
    check_ok(parse(&arena, "quorum none\n", &policy, &err), &err);
    assert_true(witness_policy_is_met(policy, 0));
}

static void mistakes_are_refused_with_their_line(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    struct error err;
    const struct witness_policy *policy = NULL;
    arena_init(&arena, 16 << 20);
    /* %L a log, %0 and %1 witnesses. */
    static const struct {
        const char *text;
        int line;
    } bad[] = {
        {"", 1},
        {"log %L\n", 2},
        {"quorum none", 1},
        {"quorum none\nquorum none\n", 2},
        {"quorum a\nwitness a %0\n", 1},
        {"quorum\n", 1},
        {"quorum none none\n", 1},
        {"log %0\nquorum none\n", 1},
        {"log %L\nlog %L\nquorum none\n", 2},
        {"log %L a b\nquorum none\n", 1},
        {"log\nquorum none\n", 1},
        {"log nonsense\nquorum none\n", 1},
        {"witness a %L\nquorum a\n", 1},
        {"witness a %0\nwitness a %1\nquorum a\n", 2},
        {"witness a %0\nwitness b %0\nquorum a\n", 2},
        {"witness none %0\nquorum none\n", 1},
        {"witness a\nquorum none\n", 1},
        {"witness a %0\ngroup a 1 a\nquorum a\n", 2},
        {"witness a %0\ngroup g 0 a\nquorum g\n", 2},
        {"witness a %0\ngroup g 2 a\nquorum g\n", 2},
        {"witness a %0\ngroup g 01 a\nquorum g\n", 2},
        {"witness a %0\ngroup g some a\nquorum g\n", 2},
        {"witness a %0\ngroup g 4294967297 a\nquorum g\n", 2},
        {"witness a %0\ngroup g all\nquorum g\n", 2},
        {"witness a %0\ngroup g\nquorum a\n", 2},
        {"witness a %0\ngroup g 1 a a\nquorum g\n", 2},
        {"witness a %0\ngroup g 1 a none\nquorum g\n", 2},
        {"witness a %0\ngroup g 1 g\nquorum g\n", 2},
        {"witness a %0\nwitness b %1\ngroup g 1 a b\ngroup h 1 a\nquorum h\n", 4},
        {"witnes a %0\nquorum a\n", 1},
        {"quorum none\r\n", 0},
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        AUTO_BUFFER text;
        buffer_init(&text, 4000);
        for (const char *at = bad[i].text; *at != '\0'; at++) {
            if (*at != '%') {
                buffer_add_byte(&text, *at);
                continue;
            }
            at++;
            buffer_add_text(&text, *at == 'L' ? log_key : w[*at - '0']);
        }
        check_refused(parse(&arena, text.data, &policy, &err), &err, "witness-policy.malformed");
        check_int_equal(err.line, bad[i].line);
    }
}

static void numbers_of_logs_and_witnesses_are_limited(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    struct error err;
    const struct witness_policy *policy = NULL;
    arena_init(&arena, 16 << 20);
    for (size_t count = 32; count <= 33; count++) {
        AUTO_BUFFER text;
        buffer_init(&text, WITNESS_POLICY_MAX);
        for (size_t i = 0; i < count; i++) {
            buffer_printf(&text, "witness n%zu %s\n", i, w[i]);
        }
        for (size_t i = 0; i < count && count == 32; i++) {
            buffer_printf(&text, "group g%zu all n%zu\n", i, i);
        }
        buffer_add_text(&text, "quorum n0\n");
        bool ok = parse(&arena, text.data, &policy, &err);
        if (count == 32) {
            check_ok(ok, &err);
            assert_true(witness_policy_is_met(policy, 1));
        } else {
            check_refused(ok, &err, "witness-policy.malformed");
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quorum_of_two_levels_is_counted),
        cmocka_unit_test(one_witness_or_none_can_be_the_quorum),
        cmocka_unit_test(mistakes_are_refused_with_their_line),
        cmocka_unit_test(numbers_of_logs_and_witnesses_are_limited),
    };
    return cmocka_run_group_tests(tests, keys_make, NULL);
}
