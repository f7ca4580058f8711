#include "ledger/audit/trust_card.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORIGIN "demo.invalid/ledger-00000001"

static struct verifier_key key_of(const char *name, uint8_t type, uint8_t seed_byte)
{
    uint8_t seed[32] = {seed_byte};
    struct signing_key key;
    signing_key_from_seed(name, type, seed, &key);
    return key.verifier;
}

/* The card of a small log, whose policy is in the arena. */
static struct trust_card card_of(struct arena *arena)
{
    char log[VKEY_TEXT_MAX];
    char bureau[VKEY_TEXT_MAX];
    uint8_t seed[32] = {9};
    struct minisign_secret secret;
    minisign_secret_from_seed(seed + 8, seed, &secret);
    struct verifier_key witness = key_of("bureau.invalid/w", KEY_TYPE_COSIGNATURE, 4);
    struct trust_card card = {.origin = ORIGIN,
                              .genesis = sha256_of("genesis", 7),
                              .log = key_of(ORIGIN, KEY_TYPE_ED25519, 1),
                              .admins = 2,
                              .admin = {key_of(ORIGIN "/a/admin1", KEY_TYPE_ED25519, 2),
                                        key_of(ORIGIN "/a/admin2", KEY_TYPE_ED25519, 3)},
                              .minisign = secret.key};
    card.policy_text =
        arena_printf(arena, "log %s\nwitness bureau %s\nquorum bureau\n",
                     verifier_key_format(&card.log, log), verifier_key_format(&witness, bureau));
    card.policy_length = strlen(card.policy_text);
    return card;
}

static void card_reads_back_as_it_was_written(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    AUTO_BUFFER text;
    AUTO_BUFFER again;
    struct error err;
    arena_init(&arena, 1 << 20);
    buffer_init(&text, TRUST_CARD_MAX);
    buffer_init(&again, TRUST_CARD_MAX);
    struct trust_card card = card_of(&arena);
    struct trust_card parsed;
    trust_card_write(&card, &text);
    check_ok(trust_card_parse(&arena, text.data, text.length, &parsed, &err), &err);
    check_text_equal(parsed.origin, ORIGIN);
    assert_true(sha256_equal(&parsed.genesis, &card.genesis));
    check_int_equal((int64_t)parsed.admins, 2);
    check_text_equal(parsed.admin[1].name, ORIGIN "/a/admin2");
    check_int_equal((int64_t)parsed.policy->witnesses, 1);
    trust_card_write(&parsed, &again);
    check_text_equal(again.data, text.data);
    assert_true(strncmp(text.data, "ledger-card/v1\norigin " ORIGIN "\ngenesis ", 40) == 0);
}

/* The log that a book continues stands behind the genesis. */
static void card_names_the_log_that_is_continued(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    AUTO_BUFFER text;
    struct error err;
    char hex[SHA256_HEX_SIZE];
    arena_init(&arena, 1 << 20);
    struct trust_card card = card_of(&arena);
    struct trust_card parsed;
    struct sha256 root = sha256_of("root", 4);
    const char *good = arena_printf(&arena, "demo.invalid/ledger-00000002 7 %s",
                                    hex_format(root.byte, SHA256_SIZE, hex));
    const char *const lines[] = {
        good,
        arena_printf(&arena, "%s 7 %s", ORIGIN, hex),
        arena_printf(&arena, "demo.invalid/ledger-00000002 0 %s", hex),
        arena_printf(&arena, "demo.invalid/ledger-00000002 07 %s", hex),
        arena_printf(&arena, "demo.invalid/ledger-2 7 %s", hex),
        arena_printf(&arena, "%s 1", good),
        "demo.invalid/ledger-00000002 7",
        "",
    };
    buffer_init(&text, TRUST_CARD_MAX);
    trust_card_write(&card, &text);
    char *rest = strstr(text.data, "\nlog ");
    assert_non_null(rest);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const char *whole = arena_printf(&arena, "%.*s\npredecessor %s%s", (int)(rest - text.data),
                                         text.data, lines[i], rest);
        bool ok = trust_card_parse(&arena, whole, strlen(whole), &parsed, &err);
        assert_true(ok == (i == 0));
        if (ok) {
            AUTO_BUFFER again;
            buffer_init(&again, TRUST_CARD_MAX);
            trust_card_write(&parsed, &again);
            check_text_equal(again.data, whole);
            check_int_equal((int64_t)parsed.predecessor_size, 7);
        } else {
            check_text_equal(err.reason, "E_TRUST");
        }
    }
}

/* Nothing that is cut off, and no line left out or doubled, is a card. */
static void card_without_any_of_its_lines_is_refused(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    AUTO_BUFFER text;
    struct error err;
    struct trust_card parsed;
    arena_init(&arena, 64 << 20);
    buffer_init(&text, TRUST_CARD_MAX);
    struct trust_card card = card_of(&arena);
    trust_card_write(&card, &text);
    for (size_t length = 0; length < text.length; length++) {
        check_refused(trust_card_parse(&arena, text.data, length, &parsed, &err), &err, "E_TRUST");
    }
    const char *line = text.data;
    for (size_t number = 0; *line != '\0'; number++) {
        AUTO_BUFFER without;
        const char *next = strchr(line, '\n') + 1;
        buffer_init(&without, TRUST_CARD_MAX);
        buffer_add(&without, text.data, (size_t)(line - text.data));
        buffer_add_text(&without, next);
        bool ok = trust_card_parse(&arena, without.data, without.length, &parsed, &err);
        if (number == 4 || number == 5) { /* a card with one admin is a card, of another log */
            check_ok(ok, &err);
        } else {
            check_refused(ok, &err, "E_TRUST");
        }
        AUTO_BUFFER doubled;
        buffer_init(&doubled, TRUST_CARD_MAX);
        buffer_add(&doubled, text.data, (size_t)(next - text.data));
        buffer_add(&doubled, line, (size_t)(next - line));
        buffer_add_text(&doubled, next);
        check_refused(trust_card_parse(&arena, doubled.data, doubled.length, &parsed, &err), &err,
                      "E_TRUST");
        line = next;
    }
}

static void keys_of_another_kind_or_origin_are_refused(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    arena_init(&arena, 16 << 20);
    struct trust_card good = card_of(&arena);
    struct trust_card bad[6];
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        bad[i] = good;
    }
    bad[0].log = key_of("demo.invalid/ledger-00000002", KEY_TYPE_ED25519, 1);
    bad[1].log = key_of(ORIGIN, KEY_TYPE_COSIGNATURE, 1);
    bad[2].log = key_of(ORIGIN, KEY_TYPE_ED25519, 8); /* not the log of the policy */
    bad[3].admin[1] = key_of("demo.invalid/ledger-00000002/a/admin2", KEY_TYPE_ED25519, 3);
    bad[4].admin[1] = key_of(ORIGIN "/a/admin2", KEY_TYPE_ED25519, 2); /* one key, two names */
    bad[5].policy_text = "quorum none\n";
    bad[5].policy_length = strlen(bad[5].policy_text);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        AUTO_BUFFER text;
        struct error err;
        struct trust_card parsed;
        buffer_init(&text, TRUST_CARD_MAX);
        trust_card_write(&bad[i], &text);
        check_refused(trust_card_parse(&arena, text.data, text.length, &parsed, &err), &err,
                      "E_TRUST");
    }
}

/* Log keys that were replaced: other ones of the same name, behind the one in force. */
static void log_keys_of_before_stand_on_the_card(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    AUTO_BUFFER text;
    struct error err;
    struct trust_card parsed;
    arena_init(&arena, 16 << 20);
    buffer_init(&text, TRUST_CARD_MAX);
    struct trust_card card = card_of(&arena);
    card.befores = TRUST_CARD_BEFORE_MAX;
    for (size_t i = 0; i < card.befores; i++) {
        card.before[i] = key_of(ORIGIN, KEY_TYPE_ED25519, (uint8_t)(20 + i));
    }
    trust_card_write(&card, &text);
    check_ok(trust_card_parse(&arena, text.data, text.length, &parsed, &err), &err);
    check_int_equal((int64_t)parsed.befores, TRUST_CARD_BEFORE_MAX);
    assert_memory_equal(parsed.before, card.before, sizeof card.before);

    struct trust_card bad[3] = {card, card, card};
    bad[0].before[1] = card.log; /* in force, and ended */
    bad[1].before[1] = key_of("demo.invalid/ledger-00000002", KEY_TYPE_ED25519, 30);
    bad[2].before[1] = key_of(ORIGIN, KEY_TYPE_COSIGNATURE, 30);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        buffer_clear(&text);
        trust_card_write(&bad[i], &text);
        check_refused(trust_card_parse(&arena, text.data, text.length, &parsed, &err), &err,
                      "E_TRUST");
    }
    /* One too many. */
    char vkey[VKEY_TEXT_MAX];
    struct verifier_key more = key_of(ORIGIN, KEY_TYPE_ED25519, 40);
    buffer_clear(&text);
    trust_card_write(&card, &text);
    const char *admins = strstr(text.data, "admin ");
    assert_non_null(admins);
    const char *longer = arena_printf(&arena, "%.*sbefore %s\n%s", (int)(admins - text.data),
                                      text.data, verifier_key_format(&more, vkey), admins);
    check_refused(trust_card_parse(&arena, longer, strlen(longer), &parsed, &err), &err, "E_TRUST");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(card_reads_back_as_it_was_written),
        cmocka_unit_test(card_names_the_log_that_is_continued),
        cmocka_unit_test(card_without_any_of_its_lines_is_refused),
        cmocka_unit_test(keys_of_another_kind_or_origin_are_refused),
        cmocka_unit_test(log_keys_of_before_stand_on_the_card),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
