#include "ledger/audit/proof.h"
#include "tests/conformance/vector_file.h"
#include "tests/support/check.h"

#include <string.h>

static void receipts_are_accepted_and_refused_as_others_do(void **state)
{
    (void)state;
    struct vector_file file = vector_file_open("receipts.txt");
    struct vector_case row;
    int cases = 0;
    for (; vector_file_next(&file, &row); cases++) {
        AUTO_ARENA arena;
        AUTO_BUFFER text;
        AUTO_BUFFER again;
        struct receipt receipt;
        struct error err;
        arena_init(&arena, 1 << 20);
        buffer_init(&text, 100000);
        buffer_init(&again, 100000);
        vector_expand(row.text, &text);
        bool accepted = receipt_parse(&arena, text.data, text.length, &receipt, &err);
        if (strcmp(row.verdict, "accept") == 0) {
            check_ok(accepted, &err);
            check_ok(receipt_write(&receipt, &again, &err), &err);
            check_text_equal(again.data, text.data);
        } else {
            check_refused(accepted, &err, "receipt.malformed");
        }
    }
    vector_file_close(&file, cases, 14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(receipts_are_accepted_and_refused_as_others_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
