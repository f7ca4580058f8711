/* Every (event type, role) pair against tests/fixtures/duties.txt: in the table of use cases, at
 * the door, and in a log that was signed past the door. */
#include "cli/service/use_case.h"
#include "ledger/base/text.h"
#include "tests/support/file.h"
#include "tests/support/staffed_book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TYPES_MAX 200

static struct allowed {
    char type[EVENT_TYPE_MAX + 1];
    bool yes[ROLE_COUNT];
} table[TYPES_MAX];
static size_t types;

static void read_row(char *line)
{
    char *rest = line;
    char *word = strtok_r(line, " ", &rest);
    struct allowed *row = &table[types++];

    assert_true(types < TYPES_MAX);
    (void)snprintf(row->type, sizeof row->type, "%s", word);
    for (size_t i = 0; i < ROLE_COUNT; i++) {
        word = strtok_r(NULL, " ", &rest);
        assert_non_null(word);
        row->yes[i] = strcmp(word, "yes") == 0;
        assert_true(row->yes[i] || strcmp(word, "-") == 0);
    }
    assert_null(strtok_r(NULL, " ", &rest));
}

static int read_table(void **state)
{
    (void)state;
    size_t length = 0;
    char *text = file_read(TEST_SOURCE_DIR "/tests/fixtures/duties.txt", &length);

    for (char *rest = text, *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
        if (line[0] != '#' && line[0] != '\0') {
            read_row(line);
        }
    }
    free(text);
    return 0;
}

static const struct allowed *row_of(const char *type)
{
    for (size_t i = 0; i < types; i++) {
        if (strcmp(table[i].type, type) == 0) {
            return &table[i];
        }
    }
    fail_msg("%s does not stand in tests/fixtures/duties.txt", type);
    return NULL;
}

static const char *who_is(size_t role)
{
    const char *word = role_word((enum role)(1U << role));
    return strcmp(word, "admin") == 0 ? "a1" : word;
}

static void the_use_cases_are_those_of_the_table(void **state)
{
    (void)state;
    check_int_equal((int64_t)use_case_count(), (int64_t)types);
    for (size_t i = 0; i < use_case_count(); i++) {
        const struct use_case *use_case = use_case_at(i);
        const struct allowed *row = row_of(use_case->type);
        for (size_t role = 0; role < ROLE_COUNT; role++) {
            if (((use_case->roles >> role) & 1U) != row->yes[role]) {
                fail_msg("%s by %s: the table says %s", row->type,
                         role_word((enum role)(1U << role)), row->yes[role] ? "yes" : "no");
            }
        }
    }
}

static void the_door_lets_in_these_and_no_others(void **state)
{
    (void)state;
    struct staffed_book book;
    size_t tried = 0;

    staffed_book_open(&book);
    for (size_t i = 0; i < types; i++) {
        for (size_t role = 0; role < ROLE_COUNT; role++, tried++) {
            struct error err;
            bool done = staffed_act(&book, who_is(role), "a2", table[i].type,
                                    canon_object(&book.live.office.arena), &err);
            bool denied = strcmp(err.reason, "staff.role-missing") == 0;
            if (denied == table[i].yes[role] || (done && !table[i].yes[role])) {
                fail_msg("%s by %s: %s", table[i].type, who_is(role), done ? "done" : err.reason);
            }
        }
    }
    check_int_equal((int64_t)tried, (int64_t)(types * ROLE_COUNT));
    assert_string_equal(staffed_first_finding(&book), "");
    staffed_book_close(&book);
}

/* --- past the door ------------------------------------------------------------------------------
 */

static const char *const kept_files[] = {"book/book.db", "book/head", "book.keys/high-water"};
#define KEPT (sizeof kept_files / sizeof kept_files[0])

struct kept {
    char *bytes[KEPT];
    size_t length[KEPT];
};

static void path_of(const struct staffed_book *book, size_t i, char ret[static 4096])
{
    (void)snprintf(ret, 4096, "%s/%s", book->live.disk, kept_files[i]);
}

static void keep(struct staffed_book *book, struct kept *ret)
{
    char path[4096];
    live_book_close(&book->live);
    for (size_t i = 0; i < KEPT; i++) {
        path_of(book, i, path);
        ret->bytes[i] = file_read(path, &ret->length[i]);
    }
    live_book_open(&book->live);
}

static void put_back(struct staffed_book *book, const struct kept *kept)
{
    char path[4096];
    live_book_close(&book->live);
    for (size_t i = 0; i < KEPT; i++) {
        path_of(book, i, path);
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(kept->bytes[i], 1, kept->length[i], file), kept->length[i]);
        assert_int_equal(fclose(file), 0);
    }
    live_book_open(&book->live);
}

static void a_replay_objects_to_every_other_pair(void **state)
{
    (void)state;
    struct staffed_book book;
    struct kept kept;

    staffed_book_open(&book);
    keep(&book, &kept);
    for (size_t i = 0; i < types; i++) {
        for (size_t role = 0; role < ROLE_COUNT; role++) {
            if (table[i].yes[role]) {
                continue;
            }
            const char *word = role_word((enum role)(1U << role));
            int64_t seq = staffed_forge(&book, who_is(role), NULL, word, table[i].type,
                                        staffed_request(&book, "date", "2016-10-20", NULL));
            if (!staffed_objection(&book, seq, "E_RULE", "staff.role-missing")) {
                fail_msg("%s by %s is not objected to", table[i].type, word);
            }
            put_back(&book, &kept);
        }
    }
    assert_string_equal(staffed_first_finding(&book), "");
    for (size_t i = 0; i < KEPT; i++) {
        free(kept.bytes[i]);
    }
    staffed_book_close(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_use_cases_are_those_of_the_table),
        cmocka_unit_test(the_door_lets_in_these_and_no_others),
        cmocka_unit_test(a_replay_objects_to_every_other_pair),
    };
    return cmocka_run_group_tests(tests, read_table, NULL);
}
