#include "ledger/base/uuid.h"
#include "tests/support/check.h"
#include "tests/support/random.h"

#include <string.h>

static void reading_undoes_writing(void **state)
{
    (void)state;
    struct random_source random = random_start("uuid");
    for (int round = 0; round < 20000; round++) {
        struct uuid id;
        struct uuid back;
        struct error err = {0};
        char text[UUID_HEX_SIZE];
        for (size_t i = 0; i < UUID_SIZE; i++) {
            id.byte[i] = (uint8_t)random_between(&random, 0, 255);
        }
        check_int_equal((int64_t)strlen(uuid_to_hex(&id, text)), 32);
        check_ok(uuid_from_hex(text, &back, &err), &err);
        assert_memory_equal(&back, &id, sizeof id);

        /* One character changed: another id, or refused; never the same one. */
        size_t at = (size_t)random_between(&random, 0, 31);
        char other = (char)random_between(&random, 1, 127);
        if (other != text[at]) {
            text[at] = other;
            bool lower_hex = strchr("0123456789abcdef", other) != NULL;
            check_int_equal(uuid_from_hex(text, &back, &err), lower_hex);
            if (lower_hex) {
                assert_memory_not_equal(&back, &id, sizeof id);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_undoes_writing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
