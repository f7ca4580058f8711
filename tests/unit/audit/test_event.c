#include "ledger/audit/log.h"

#include "tests/support/check.h"

#include <stdio.h>
#include <string.h>

#define ORIGIN "demo.invalid/ledger-0000abcd"
#define HEAD "ledger-event/v1 " ORIGIN "\n"
#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define CMD "abababababababababababababababab"
#define LINE_OF(actor, at, body, cmd, role, seq, type)                                             \
    "{\"actor\":\"" actor "\",\"at\":\"" at "\",\"body\":" body ",\"cmd\":\"" cmd                  \
    "\",\"prev\":\"" HASH "\",\"role\":\"" role "\",\"seq\":\"" seq "\",\"type\":\"" type "\"}\n"
#define LINE LINE_OF("wang.li", "2026-03-02T00:00:01Z", "{}", CMD, "clerk", "7", "loan.repay")
/* 4 bytes of key id and 64 of signature; their values do not matter here. */
#define A44 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define SIG_A A44 A44 "AAA="
#define SIG_B                                                                                      \
    "AAAAAQ"                                                                                       \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" A44 "AAA="
#define DASH "\xE2\x80\x94 "
#define BY(name, signature) DASH ORIGIN "/a/" name " " signature "\n"

static void a_well_formed_event_is_taken_apart(void **state)
{
    (void)state;
    static const char leaf[] =
        HEAD LINE "\n" BY("li.na", SIG_A) BY("li.na", SIG_B) BY("wang.li", SIG_A);
    AUTO_ARENA arena;
    struct event event;
    struct error err = {0};
    arena_init(&arena, 1 << 20);
    check_ok(event_parse(&arena, ORIGIN, leaf, strlen(leaf), &event, &err), &err);
    check_text_equal(event.origin, ORIGIN);
    check_text_equal(event.type, "loan.repay");
    check_text_equal(event.actor, "wang.li");
    check_text_equal(event.role, "clerk");
    check_text_equal(event.at, "2026-03-02T00:00:01Z");
    check_int_equal(event.instant.seconds, 1772409601);
    check_int_equal((int64_t)event.seq, 7);
    assert_int_equal(event.signatures, 3);
    check_text_equal(event.signature[2].name, ORIGIN "/a/wang.li");
    assert_int_equal(event.signature[1].key_id, 1);
    assert_int_equal(event.text_length, strlen(HEAD LINE));
    assert_ptr_equal(event.text, leaf);
    assert_int_equal(event.line_length, strlen(LINE) - 1);
    assert_false(event.has_clk);
}

static void the_clock_since_boot_is_optional(void **state)
{
    (void)state;
    static const char leaf[] =
        HEAD "{\"actor\":\"a\",\"at\":\"2026-03-02T00:00:01Z\",\"body\":{},\"clk\":{\"boot\":\"" CMD
             "\",\"up\":\"12\"},\"cmd\":\"" CMD "\",\"prev\":\"" HASH
             "\",\"role\":\"clerk\",\"seq\":\"0\",\"type\":\"x\"}\n\n" BY("a", SIG_A);
    AUTO_ARENA arena;
    struct event event;
    struct error err = {0};
    arena_init(&arena, 1 << 20);
    check_ok(event_parse(&arena, NULL, leaf, strlen(leaf), &event, &err), &err);
    assert_true(event.has_clk);
    check_text_equal(event.clk_boot, CMD);
    check_int_equal(event.clk_up, 12);
}

static void anything_else_is_refused(void **state)
{
    (void)state;
#define AT "2026-03-02T00:00:01Z"
#define L(actor, at, body, cmd, role, seq, type)                                                   \
    HEAD LINE_OF(actor, at, body, cmd, role, seq, type) "\n" BY("wang.li", SIG_A)
    static const struct {
        const char *leaf, *reason;
    } rows[] = {
        {"", "E_LEAF"},
        {"\n", "E_LEAF"},
        {"ledger-event/v2 " ORIGIN "\n" LINE "\n" BY("wang.li", SIG_A), "E_LEAF"},
        {"ledger-event/v1  " ORIGIN "\n" LINE "\n" BY("wang.li", SIG_A), "E_ORIGIN"},
        {"ledger-event/v1 " ORIGIN " \n" LINE "\n" BY("wang.li", SIG_A), "E_ORIGIN"},
        {"ledger-event/v1 " ORIGIN "\r\n" LINE "\n" BY("wang.li", SIG_A), "E_ORIGIN"},
        {"ledger-event/v1 demo.invalid/ledger-0000abce\n" LINE "\n" BY("wang.li", SIG_A),
         "E_ORIGIN"},
        {"ledger-event/v1 x\n" LINE "\n" BY("wang.li", SIG_A), "E_ORIGIN"},
        {HEAD, "E_LEAF"},
        {HEAD LINE, "E_LEAF"},
        {HEAD LINE "\n", "E_LEAF"},
        {HEAD LINE BY("wang.li", SIG_A), "E_LEAF"},
        {HEAD LINE "\n\n" BY("wang.li", SIG_A), "E_LEAF"},
        {HEAD LINE "\n" BY("wang.li", SIG_A) "\n", "E_LEAF"},
        {HEAD LINE "\n" BY("wang.li", SIG_A) "x", "E_LEAF"},
        {HEAD LINE "\n" DASH ORIGIN "/a/wang.li " SIG_A, "E_LEAF"},
        {HEAD LINE "\n- " ORIGIN "/a/wang.li " SIG_A "\n", "E_LEAF"},
        {HEAD LINE "\n" DASH " " SIG_A "\n", "E_LEAF"},
        {HEAD LINE "\n" DASH "a+b " SIG_A "\n", "E_LEAF"},
        {HEAD LINE "\n" DASH "\xE4\xB9\x89 " SIG_A "\n", "E_LEAF"},
        {HEAD LINE "\n" DASH "a  " SIG_A "\n", "E_LEAF"},
        {HEAD LINE "\n" DASH "a " SIG_A " \n", "E_LEAF"},
        {HEAD LINE "\n" DASH "a " A44 A44 "AAB=\n", "E_LEAF"},                /* unused bits set */
        {HEAD LINE "\n" DASH "a " A44 A44 "AAA\n", "E_LEAF"},                 /* no padding */
        {HEAD LINE "\n" DASH "a " A44 A44 "AA==\n", "E_LEAF"},                /* 67 bytes */
        {HEAD LINE "\n" DASH "a " A44 A44 "AAAA\n", "E_LEAF"},                /* 69 bytes */
        {HEAD LINE "\n" BY("wang.li", SIG_A) BY("li.na", SIG_A), "E_LEAF"},   /* order */
        {HEAD LINE "\n" BY("wang.li", SIG_A) BY("wang.li", SIG_A), "E_LEAF"}, /* twice */
        {HEAD LINE "\n" BY("wang.li", SIG_B) BY("wang.li", SIG_A), "E_LEAF"}, /* key ids */
        {HEAD LINE "\n" BY("a", SIG_A) BY("b", SIG_A) BY("c", SIG_A) BY("d", SIG_A) BY("e", SIG_A)
             BY("f", SIG_A) BY("g", SIG_A) BY("h", SIG_A) BY("i", SIG_A),
         "E_LEAF"},
        {HEAD "{}\n\n" BY("wang.li", SIG_A), "E_CANON"},
        {HEAD "[]\n\n" BY("wang.li", SIG_A), "E_CANON"},
        {HEAD "\"x\"\n\n" BY("wang.li", SIG_A), "E_CANON"},
        {HEAD "{\"seq\":7}\n\n" BY("wang.li", SIG_A), "E_CANON"},
        {L("Wang", AT, "{}", CMD, "clerk", "7", "x"), "E_CANON"},
        {L("", AT, "{}", CMD, "clerk", "7", "x"), "E_CANON"},
        {L("a", "2026-03-02T00:00:60Z", "{}", CMD, "clerk", "7", "x"), "E_CANON"},
        {L("a", "2026-02-30T00:00:01Z", "{}", CMD, "clerk", "7", "x"), "E_CANON"},
        {L("a", "2026-03-02 00:00:01Z", "{}", CMD, "clerk", "7", "x"), "E_CANON"},
        {L("a", AT, "[]", CMD, "clerk", "7", "x"), "E_CANON"},
        {L("a", AT, "\"\"", CMD, "clerk", "7", "x"), "E_CANON"},
        {L("a", AT, "{}",
           "AB"
           "abababababababababababababababab",
           "clerk", "7", "x"),
         "E_CANON"},
        {L("a", AT, "{}", "ABABABABABABABABABABABABABABABAB", "clerk", "7", "x"), "E_CANON"},
        {L("a", AT, "{}", CMD, "", "7", "x"), "E_CANON"},
        {L("a", AT, "{}", CMD, "Clerk", "7", "x"), "E_CANON"},
        {L("a", AT, "{}", CMD, "clerk", "-7", "x"), "E_CANON"},
        {L("a", AT, "{}", CMD, "clerk", "07", "x"), "E_CANON"},
        {L("a", AT, "{}", CMD, "clerk", "", "x"), "E_CANON"},
        {L("a", AT, "{}", CMD, "clerk", "7", ""), "E_CANON"},
        {L("a", AT, "{}", CMD, "clerk", "7", ".x"), "E_CANON"},
        {L("a", AT, "{}", CMD, "clerk", "7", "x."), "E_CANON"},
        {L("a", AT, "{}", CMD, "clerk", "7", "x..y"), "E_CANON"},
        {L("a", AT, "{}", CMD, "clerk", "7", "x y"), "E_CANON"},
        {L("a", AT, "{}", CMD, "clerk", "7", "abcdefghijabcdefghijabcdefghijabcdefghija"),
         "E_CANON"},
        {HEAD "{\"actor\":\"a\",\"at\":\"" AT "\",\"body\":{},\"clk\":{\"boot\":\"" CMD
              "\"},\"cmd\":\"" CMD "\",\"prev\":\"" HASH
              "\",\"role\":\"clerk\",\"seq\":\"0\",\"type\":\"x\"}\n\n" BY("a", SIG_A),
         "E_CANON"},
        {HEAD "{\"actor\":\"a\",\"at\":\"" AT "\",\"body\":{},\"cmd\":\"" CMD "\",\"more\":\"\","
              "\"prev\":\"" HASH
              "\",\"role\":\"clerk\",\"seq\":\"0\",\"type\":\"x\"}\n\n" BY("a", SIG_A),
         "E_CANON"},
    };
    AUTO_ARENA arena;
    arena_init(&arena, 1 << 24);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct event event;
        struct error err = {0};
        if (event_parse(&arena, ORIGIN, rows[i].leaf, strlen(rows[i].leaf), &event, &err)) {
            fail_msg("accepted: %s", rows[i].leaf);
        }
        check_refused(false, &err, rows[i].reason);
    }
}

static void eight_signatures_are_allowed(void **state)
{
    (void)state;
    static const char leaf[] = HEAD LINE "\n" BY("a", SIG_A) BY("b", SIG_A) BY("c", SIG_A)
        BY("d", SIG_A) BY("e", SIG_A) BY("f", SIG_A) BY("g", SIG_A) BY("h", SIG_A);
    AUTO_ARENA arena;
    struct event event;
    struct error err = {0};
    arena_init(&arena, 1 << 20);
    check_ok(event_parse(&arena, ORIGIN, leaf, strlen(leaf), &event, &err), &err);
    assert_int_equal(event.signatures, 8);
}

static void a_nul_byte_hides_nothing(void **state)
{
    (void)state;
    static const char *const leaves[] = {
        "ledger-event/v1 " ORIGIN "#\n" LINE "\n" BY("wang.li", SIG_A),
        HEAD LINE "\n" DASH ORIGIN "/a/wang.li# " SIG_A "\n",
        HEAD LINE "\n" BY("wang.li", SIG_A) "#\n",
    };
    AUTO_ARENA arena;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < COUNT_OF(leaves); i++) {
        struct event event;
        struct error err = {0};
        char leaf[1024];
        size_t length = strlen(leaves[i]);
        memcpy(leaf, leaves[i], length);
        *(char *)memchr(leaf, '#', length) = '\0';
        assert_false(event_parse(&arena, ORIGIN, leaf, length, &event, &err));
    }
}

static void every_cut_and_every_changed_byte_is_refused_or_read_differently(void **state)
{
    (void)state;
    static const char whole[] = HEAD LINE "\n" BY("wang.li", SIG_A);
    char leaf[sizeof whole];
    size_t length = strlen(whole);
    AUTO_ARENA arena;
    struct event event;
    struct error err = {0};
    arena_init(&arena, 1 << 20);
    memcpy(leaf, whole, sizeof whole);
    for (size_t cut = 0; cut < length; cut++) {
        assert_false(event_parse(&arena, ORIGIN, leaf, cut, &event, &err));
        arena_reset(&arena);
    }
    static const char bytes[] = {'\0', '\n', ' ', '"', '\\', '\x7F', '\xFF'};
    for (size_t at = 0; at < length; at++) {
        for (size_t b = 0; b < sizeof bytes; b++) {
            char kept = leaf[at];
            leaf[at] = bytes[b];
            bool same = kept == bytes[b];
            /* A name may hold any visible byte; who it is, the registry says. */
            bool in_name = at >= strlen(HEAD LINE "\n" DASH) &&
                           at < strlen(HEAD LINE "\n" DASH ORIGIN "/a/wang.li");
            bool read = event_parse(&arena, ORIGIN, leaf, length, &event, &err);
            if (read && !same && !in_name) {
                fail_msg("accepted 0x%02x at byte %zu", (unsigned char)bytes[b], at);
            }
            leaf[at] = kept;
            arena_reset(&arena);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_well_formed_event_is_taken_apart),
        cmocka_unit_test(the_clock_since_boot_is_optional),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(eight_signatures_are_allowed),
        cmocka_unit_test(a_nul_byte_hides_nothing),
        cmocka_unit_test(every_cut_and_every_changed_byte_is_refused_or_read_differently),
    };
    return cmocka_run_group_tests_name("event", tests, NULL, NULL);
}
