#include "ledger/audit/passphrase.h"

#include "ledger/audit/key.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REAL_NAME "xinhe-coop.example/ledger-7f3a9c21/a/wang.li"

static void twelve_characters_are_enough_and_eleven_are_not(void **state)
{
    (void)state;
    struct error err = {0};
    check_ok(passphrase_is_fit("plum tree 49", &err), &err);
    check_refused(passphrase_is_fit("plum tree 4", &err), &err, "key-file.weak-passphrase");
    check_refused(passphrase_is_fit("", &err), &err, "key-file.weak-passphrase");
    /* Characters count, not bytes: twelve and eleven of three bytes each. */
    check_ok(passphrase_is_fit("春耕夏耘秋收冬藏四时不忘", &err), &err);
    check_refused(passphrase_is_fit("春耕夏耘秋收冬藏四时不", &err), &err,
                  "key-file.weak-passphrase");
    /* No UTF-8: bytes. */
    check_ok(passphrase_is_fit("\xb4\xba\xb8\xfb\xcf\xc4\xd4\xc5\xc7\xef\xca\xd5", &err), &err);
}

static void what_repeats_itself_is_short(void **state)
{
    (void)state;
    static const char *const weak[] = {"aaaaaaaaaaaaaaaaaaaa", "121212121212121212",
                                       "abcdabcdabcdabcd", "春春春春春春春春春春春春春"};
    struct error err = {0};
    for (size_t i = 0; i < sizeof weak / sizeof weak[0]; i++) {
        check_refused(passphrase_is_fit(weak[i], &err), &err, "key-file.weak-passphrase");
    }
    check_ok(passphrase_is_fit("abcdeabcdeabcde", &err), &err); /* five different ones */
}

static void the_common_ones_are_known_in_any_spelling(void **state)
{
    (void)state;
    static const char *const weak[] = {"passwordpassword",     "PasswordPassword",
                                       "Password-1234",        "1qaz2wsx3edc",
                                       "Woaini 520 1314",      "correct horse battery staple",
                                       "qwertyuiop1234567890", "zxcvbnmasdfghjkl"};
    struct error err = {0};
    for (size_t i = 0; i < sizeof weak / sizeof weak[0]; i++) {
        check_refused(passphrase_is_fit(weak[i], &err), &err, "key-file.weak-passphrase");
        assert_null(strstr(err.text, weak[i]));
    }
    check_ok(passphrase_is_fit("passwordpassword of the mill", &err), &err);
}

static void no_key_file_is_made_with_a_weak_one(void **state)
{
    (void)state;
    AUTO_SIGNING_KEY key;
    struct error err = {0};
    char path[512];
    char *folder = scratch_create();

    (void)snprintf(path, sizeof path, "%s/wang.key", folder);
    signing_key_generate(REAL_NAME, KEY_TYPE_ED25519, &key);
    check_refused(key_file_write(path, &key, "secret", &err), &err, "key-file.weak-passphrase");
    assert_int_equal(access(path, F_OK), -1);
    scratch_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twelve_characters_are_enough_and_eleven_are_not),
        cmocka_unit_test(what_repeats_itself_is_short),
        cmocka_unit_test(the_common_ones_are_known_in_any_spelling),
        cmocka_unit_test(no_key_file_is_made_with_a_weak_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
