/* Every folder of tests/policies/bad holds a policy that must be refused, and what must be said:
 *     policy.value 13:73
 *     a piece of the message or of the limit
 * The places were counted in the files, not taken from the program. */
#include "rules/policy.h"
#include "tests/support/check.h"
#include "tests/support/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER TEST_SOURCE_DIR "/tests/policies/bad"
#define CASES_MAX 512
#define CASES_MIN 90 /* fewer means that the folder was not found */

struct expected {
    char reason[64];
    int line;
    int column;
    char piece[256];
};

static char *case_file(const char *name, const char *file, size_t *ret_length)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s/%s", FOLDER, name, file);
    return file_read(path, ret_length);
}

static void read_expected(const char *name, struct expected *ret)
{
    size_t length = 0;
    char *text = case_file(name, "expected", &length);
    char place[32];
    char *place_end = NULL;
    assert_int_equal(sscanf(text, "%63s %31s\n%255[^\n]", ret->reason, place, ret->piece), 3);
    ret->line = (int)strtol(place, &place_end, 10);
    assert_int_equal(*place_end, ':');
    ret->column = (int)strtol(place_end + 1, &place_end, 10);
    assert_int_equal(*place_end, '\0');
    free(text);
}

static void policy_is_refused_with_reason_line_and_column(void **state)
{
    const char *name = *state;
    struct expected expected = {0};
    read_expected(name, &expected);
    size_t length = 0;
    char *bytes = case_file(name, "policy.yaml", &length);
    struct policy *policy = NULL;
    struct error err = {0};

    bool loaded = policy_load("policy.yaml", bytes, length, &policy, &err);
    free(bytes);

    check_refused(loaded, &err, expected.reason);
    assert_null(policy);
    check_int_equal(err.fault, FAULT_INPUT);
    check_text_equal(err.file, "policy.yaml");
    if (err.line != expected.line || err.column != expected.column) {
        print_error("%s: got %d:%d, want %d:%d (%s)\n", name, err.line, err.column, expected.line,
                    expected.column, err.text);
        fail();
    }
    if (strstr(err.text, expected.piece) == NULL && strstr(err.limit, expected.piece) == NULL) {
        print_error("%s: \"%s\" (%s) does not say \"%s\"\n", name, err.text, err.limit,
                    expected.piece);
        fail();
    }
}

int main(void)
{
    static struct CMUnitTest tests[CASES_MAX];
    size_t count = 0;
    char **names = folder_list(FOLDER, &count);
    if (count < CASES_MIN || count > CASES_MAX) {
        fprintf(stderr, "%s holds %zu cases\n", FOLDER, count);
        return 1;
    }
    for (size_t i = 0; i < count; i++) {
        tests[i] = (struct CMUnitTest){names[i], policy_is_refused_with_reason_line_and_column,
                                       NULL, NULL, names[i]};
    }
    int failed = _cmocka_run_group_tests("policies refused", tests, count, NULL, NULL);
    folder_list_free(names);
    return failed;
}
