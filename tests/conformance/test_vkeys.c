/* Verifier keys of others: read as they read them, and refused as they refuse them. */
#include "ledger/audit/key.h"
#include "tests/conformance/vector_file.h"
#include "tests/support/check.h"

#include <string.h>

static const char peter[] =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"; /* x/mod sumdb/note */

static bool parses(const char *text)
{
    struct verifier_key key;
    struct error err;
    return verifier_key_parse(text, &key, &err);
}

static void keys_are_accepted_and_refused_as_others_do(void **state)
{
    (void)state;
    struct vector_file file = vector_file_open("vkeys.txt");
    struct vector_case row;
    int cases = 0;
    while (vector_file_next(&file, &row)) {
        struct verifier_key key;
        struct error err = {0};
        char again[VKEY_TEXT_MAX];
        cases++;
        if (strcmp(row.verdict, "refuse") == 0) {
            if (verifier_key_parse(row.text, &key, &err)) {
                fail_msg("line %d was accepted", row.line);
            }
            continue;
        }
        check_text_equal(row.verdict, "accept");
        const char *vkey = strchr(row.text, ' ') + 1;
        check_ok(verifier_key_parse(vkey, &key, &err), &err);
        check_int_equal(key.type, row.text[3] - '0'); /* 0x01 or 0x04 */
        check_text_equal(verifier_key_format(&key, again), vkey);
    }
    vector_file_close(&file, cases, 18);
}

static void no_part_of_a_key_is_a_key(void **state)
{
    (void)state;
    size_t length = strlen(peter);
    assert_true(parses(peter));
    for (size_t from = 0; from < length; from++) {
        for (size_t to = from; to <= length; to++) {
            char part[sizeof peter] = {0};
            memcpy(part, peter + from, to - from);
            assert_int_equal(parses(part), from == 0 && to == length);
        }
    }
}

static void no_key_with_a_byte_raised_by_one_is_a_key(void **state)
{
    (void)state;
    for (size_t at = 0; at < strlen(peter); at++) {
        char raised[sizeof peter];
        memcpy(raised, peter, sizeof peter);
        raised[at]++;
        assert_false(parses(raised));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_accepted_and_refused_as_others_do),
        cmocka_unit_test(no_part_of_a_key_is_a_key),
        cmocka_unit_test(no_key_with_a_byte_raised_by_one_is_a_key),
    };
    return cmocka_run_group_tests_name("verifier keys", tests, NULL, NULL);
}
