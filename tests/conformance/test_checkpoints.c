#include "ledger/audit/checkpoint.h"
#include "tests/conformance/vector_file.h"
#include "tests/support/check.h"

#include <string.h>

static void bodies_are_accepted_and_refused_as_others_do(void **state)
{
    (void)state;
    struct vector_file file = vector_file_open("checkpoints.txt");
    struct vector_case row;
    int cases = 0;
    for (; vector_file_next(&file, &row); cases++) {
        AUTO_BUFFER text;
        struct checkpoint checkpoint;
        struct error err;
        buffer_init(&text, 4096);
        vector_expand(row.text, &text);
        bool accepted = checkpoint_parse(text.data, text.length, &checkpoint, &err);
        if (strcmp(row.verdict, "accept") == 0) {
            check_ok(accepted, &err);
        } else {
            check_refused(accepted, &err, "checkpoint.malformed");
        }
    }
    vector_file_close(&file, cases, 22);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_are_accepted_and_refused_as_others_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
