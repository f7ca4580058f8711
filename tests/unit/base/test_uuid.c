#include "ledger/base/uuid.h"
#include "tests/support/check.h"

#include <string.h>

static void an_id_is_written_as_lower_case_hex(void **state)
{
    (void)state;
    const struct uuid id = {{0x00, 0x01, 0x7F, 0x80, 0xFF, 0xAB, 0xCD, 0xEF, 0x10, 0x20, 0x30, 0x40,
                             0x50, 0x60, 0x70, 0x99}};
    char text[UUID_HEX_SIZE];
    check_text_equal(uuid_to_hex(&id, text), "00017f80ffabcdef1020304050607099");
    struct uuid back = {{0}};
    struct error err = {0};
    check_ok(uuid_from_hex(text, &back, &err), &err);
    assert_memory_equal(&back, &id, sizeof id);
}

static void other_spellings_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "00017f80ffabcdef102030405060709",
        "00017f80ffabcdef10203040506070999",
        "00017F80FFABCDEF1020304050607099",
        "00017f80-ffab-cdef-1020-304050607099",
        "00017f80ffabcdef102030405060709g",
        " 0017f80ffabcdef1020304050607099",
        "00017f80ffabcdef10203040506070９",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct uuid id = {{0}};
        struct error err = {0};
        check_refused(uuid_from_hex(bad[i], &id, &err), &err, "command-id.format");
        check_int_equal(err.fault, FAULT_USAGE);
    }
}

/* RFC 4122 section 4.4: version 4, variant 10. */
static void random_ids_are_of_version_four_and_differ(void **state)
{
    (void)state;
    struct uuid id[200];
    for (size_t i = 0; i < COUNT_OF(id); i++) {
        id[i] = uuid_random();
        check_int_equal(id[i].byte[6] >> 4, 4);
        check_int_equal(id[i].byte[8] >> 6, 2);
        for (size_t before = 0; before < i; before++) {
            assert_memory_not_equal(&id[i], &id[before], sizeof id[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_written_as_lower_case_hex),
        cmocka_unit_test(other_spellings_are_refused),
        cmocka_unit_test(random_ids_are_of_version_four_and_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
