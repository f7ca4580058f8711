/* An old decision replayed gives the same answer for ever. Every folder of tests/policies/golden
 * holds a policy as it once was, the cases it decided, and what was decided: the digest of the
 * policy, then each decision with every part of every condition, its clauses and the values read,
 * in both languages. Nothing in these folders is changed again; a new kind of decision gets a new
 * folder. */
#include "rules/policy_test.h"
#include "tests/support/check.h"
#include "tests/support/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER TEST_SOURCE_DIR "/tests/policies/golden"
#define CASES_MAX 32

static char *golden_file(const char *name, const char *file, size_t *ret_length)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s/%s", FOLDER, name, file);
    return file_read(path, ret_length);
}

static void replay(const struct policy_tests *tests, struct arena *arena, struct buffer *out)
{
    for (size_t i = 0; i < policy_tests_decisions(tests); i++) {
        struct decision decision;
        struct error err = {0};
        buffer_printf(out, "\n== %s\n", policy_tests_decision_title(tests, i));
        if (!policy_tests_decide(tests, i, arena, &decision, &err)) {
            buffer_printf(out, "%s\n", err.reason);
            continue;
        }
        decision_explain(&decision, EXPLAIN_CLAUSES, false, out);
        decision_explain(&decision, EXPLAIN_CLAUSES, true, out);
    }
}

static void check_same(const char *got, const char *want)
{
    size_t at = 0;
    size_t line = 1;
    while (got[at] != '\0' && got[at] == want[at]) {
        line += got[at++] == '\n' ? 1 : 0;
    }
    if (got[at] != want[at]) {
        print_error("differs in line %zu: %.60s\n  replayed: %.60s\n", line, want + at, got + at);
        fail();
    }
}

static void the_same_decision_again(void **state)
{
    const char *name = *state;
    size_t policy_length = 0;
    size_t tests_length = 0;
    size_t length = 0;
    char *bytes = golden_file(name, "policy.yaml", &policy_length);
    char *cases = golden_file(name, "cases.yaml", &tests_length);
    char *decided = golden_file(name, "decided", &length);
    struct policy *policy = NULL;
    const struct policy_tests *tests = NULL;
    struct test_report report;
    struct arena arena = {0};
    struct buffer out;
    struct error err = {0};
    char hex[SHA256_HEX_SIZE];

    arena_init(&arena, (size_t)64 << 20);
    buffer_init(&out, (size_t)4 << 20);
    check_ok(policy_load("policy.yaml", bytes, policy_length, &policy, &err), &err);
    check_ok(policy_tests_load(&arena, "cases.yaml", cases, tests_length, policy, &tests, &err),
             &err);
    struct sha256 digest = policy_digest(policy);
    buffer_printf(&out, "policy %s\n", hex_format(digest.byte, SHA256_SIZE, hex));
    replay(tests, &arena, &out);
    assert_true(policy_tests_decisions(tests) > 0);
    check_same(out.data, decided);
    policy_tests_run(tests, &arena, &report); /* the amounts */
    check_int_equal((int64_t)report.failures, 0);
    buffer_release(&out);
    policy_free(policy);
    arena_release(&arena);
    free(bytes);
    free(cases);
    free(decided);
}

int main(void)
{
    static struct CMUnitTest tests[CASES_MAX];
    size_t count = 0;
    char **names = folder_list(FOLDER, &count);
    if (count == 0 || count > CASES_MAX) {
        fprintf(stderr, "%s holds %zu cases\n", FOLDER, count);
        return 1;
    }
    for (size_t i = 0; i < count; i++) {
        tests[i] = (struct CMUnitTest){names[i], the_same_decision_again, NULL, NULL, names[i]};
    }
    int failed = _cmocka_run_group_tests("golden decisions", tests, count, NULL, NULL);
    folder_list_free(names);
    return failed;
}
