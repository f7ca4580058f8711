#include "ledger/audit/tile.h"
#include "tests/conformance/vector_file.h"
#include "tests/support/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check_index(const struct vector_case *row)
{
    uint64_t index = strtoull(row->text, NULL, 10);
    const char *wanted = strchr(row->text, ' ') + 1;
    char path[TILE_PATH_SIZE];
    char expected[TILE_PATH_SIZE];
    struct tile parsed;
    for (unsigned width = 1; width <= TILE_WIDTH; width += 51) {
        struct tile tile = {.level = 3, .index = index, .width = width};
        char partial[16] = "";
        if (width < TILE_WIDTH) {
            snprintf(partial, sizeof partial, ".p/%u", width);
        }
        snprintf(expected, sizeof expected, "tile/3/%s%s", wanted, partial);
        check_text_equal(tile_path(&tile, path), expected);
        assert_true(tile_path_parse(path, &parsed));
        assert_true(!parsed.entries && parsed.level == 3 && parsed.index == index &&
                    parsed.width == width);
    }
}

static void check_width(const struct vector_case *row)
{
    char *at = row->text;
    uint64_t number[4];
    for (size_t i = 0; i < 4; i++) {
        number[i] = strtoull(at, &at, 10);
    }
    check_int_equal(tile_width(number[0], (unsigned)number[1], number[2]), (int64_t)number[3]);
}

static void paths_and_widths_are_those_of_the_specification(void **state)
{
    (void)state;
    struct vector_file file = vector_file_open("tiles.txt");
    struct vector_case row;
    int cases = 0;
    for (; vector_file_next(&file, &row); cases++) {
        struct tile tile;
        if (strcmp(row.verdict, "index") == 0) {
            check_index(&row);
        } else if (strcmp(row.verdict, "width") == 0) {
            check_width(&row);
        } else if (tile_path_parse(row.text, &tile)) {
            fail_msg("line %d: the path %s was accepted", row.line, row.text);
        }
    }
    vector_file_close(&file, cases, 35);
}

/* golang.org/x/mod/sumdb/tlog */
static void leaf_hash_is_that_of_the_checksum_database(void **state)
{
    (void)state;
    static const char wanted[] = "TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=";
    struct sha256 hash = merkle_leaf_hash("hello world", 11);
    char base64[sizeof wanted];
    check_text_equal(base64_format(hash.byte, SHA256_SIZE, base64), wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_and_widths_are_those_of_the_specification),
        cmocka_unit_test(leaf_hash_is_that_of_the_checksum_database),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
