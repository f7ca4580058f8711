/* Every example of docs/policy-language.md does what the document says: a block fenced as
 *     ```yaml                              is read,
 *     ```yaml refused <reason> <line>:<column>   is refused there.
 * and each line of a block fenced as ```condition is a condition that can be asked at the
 * application. An example shows one part of a policy; tests/policies/base.yaml, whose parts stand
 * on one line each, lends the other parts. The example comes first, so its lines keep their
 * numbers. */
#include "rules/facts.h"
#include "rules/policy.h"
#include "tests/support/check.h"
#include "tests/support/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DOCUMENT TEST_SOURCE_DIR "/docs/policy-language.md"
#define BASE TEST_SOURCE_DIR "/tests/policies/base.yaml"
#define FENCE "\n```"

/* Whether the example has a line that begins with the same key, indentation included. */
static bool has_key_of(const char *example, const char *line)
{
    const char *colon = strchr(line, ':');
    assert_non_null(colon);
    char *wanted = NULL;
    assert_true(asprintf(&wanted, "\n%.*s:", (int)(colon - line), line) > 0);
    bool found =
        strncmp(example, wanted + 1, strlen(wanted + 1)) == 0 || strstr(example, wanted) != NULL;
    free(wanted);
    return found;
}

static void add_missing_lines(FILE *out, char *base, const char *example, bool parameters)
{
    char *rest = NULL;
    char *copy = strdup(base);
    for (char *line = strtok_r(copy, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        if ((line[0] == ' ') == parameters && !has_key_of(example, line)) {
            fprintf(out, "%s\n", line);
        }
    }
    free(copy);
}

static char *complete(const char *example)
{
    size_t length = 0;
    char *base = file_read(BASE, &length);
    char *text = NULL;
    FILE *out = open_memstream(&text, &length);
    fputs(example, out);
    if (strncmp(example, "parameters:", strlen("parameters:")) == 0) {
        add_missing_lines(out, base, example, true);
        add_missing_lines(out, base, example, false);
    } else {
        fputs("parameters:\n", out);
        add_missing_lines(out, base, example, true);
        char *with_parameters = NULL;
        assert_true(asprintf(&with_parameters, "%sparameters:\n", example) > 0);
        add_missing_lines(out, base, with_parameters, false);
        free(with_parameters);
    }
    fclose(out);
    free(base);
    return text;
}

static void check_example(const char *heading, const char *example)
{
    char *text = complete(example);
    struct policy *policy = NULL;
    struct error err = {0};
    bool loaded = policy_load("example", text, strlen(text), &policy, &err);
    if (strcmp(heading, "") == 0) {
        check_ok(loaded, &err);
    } else {
        char got[128];
        snprintf(got, sizeof got, " refused %s %d:%d", loaded ? "(was read)" : err.reason, err.line,
                 err.column);
        check_text_equal(got, heading);
    }
    policy_free(policy);
    free(text);
}

/* The example of conditions with another condition in it. */
static void check_condition(const char *condition)
{
    char *example = NULL;
    assert_true(asprintf(&example,
                         "conditions:\n  eligibility:\n    - id: x\n      from: 2016-01-01\n"
                         "      require: \"%s\"\n      otherwise: block\n"
                         "      message: {zh: 否, en: no}\n      clause: c\n"
                         "  disbursement: []\n  claim: []\n  lending: []\n  coverage: []\n",
                         condition) > 0);
    check_example("", example);
    free(example);
}

static void conditions_of_the_document_can_be_asked(void **state)
{
    (void)state;
    size_t length = 0;
    char *document = file_read(DOCUMENT, &length);
    char *at = strstr(document, FENCE "condition\n");
    assert_non_null(at);
    at += strlen(FENCE "condition\n");
    char *end = strstr(at, FENCE);
    assert_non_null(end);
    *end = '\0';
    int conditions = 0;
    char *rest = NULL;
    for (char *line = strtok_r(at, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        check_condition(line);
        conditions++;
    }
    check_int_equal(conditions, 11);
    free(document);
}

static void examples_do_what_the_document_says(void **state)
{
    (void)state;
    size_t length = 0;
    char *document = file_read(DOCUMENT, &length);
    int examples = 0;
    for (char *at = strstr(document, FENCE "yaml"); at != NULL; at = strstr(at, FENCE "yaml")) {
        char *heading = at + strlen(FENCE "yaml");
        char *example = strchr(heading, '\n');
        assert_non_null(example);
        *example++ = '\0';
        char *end = strstr(example, FENCE);
        assert_non_null(end);
        end[1] = '\0';
        check_example(heading, example);
        at = end + 2;
        examples++;
    }
    check_int_equal(examples, 18);
    free(document);
}

/* Every reason id and every parameter of the loader is in the document. */
static void document_names_every_parameter(void **state)
{
    (void)state;
    size_t length = 0;
    char *document = file_read(DOCUMENT, &length);
    for (size_t i = 0; i < PARAMETER_COUNT; i++) {
        char *wanted = NULL;
        assert_true(asprintf(&wanted, "`%s`", parameter_name((enum parameter)i)) > 0);
        if (strstr(document, wanted) == NULL) {
            print_error("%s is not in the document\n", wanted);
            fail();
        }
        free(wanted);
    }
    free(document);
}

static void document_names_every_fact_and_word(void **state)
{
    (void)state;
    size_t length = 0;
    char *document = file_read(DOCUMENT, &length);
    for (size_t i = 0; i < FACT_COUNT; i++) {
        struct symbol symbol = fact_symbol((enum fact_name)i);
        char wanted[160];
        snprintf(wanted, sizeof wanted, "\n| `%s` | %s |", symbol.name,
                 value_kind_name(symbol.kind));
        if (strstr(document, wanted) == NULL) {
            print_error("%s is not in the document\n", wanted);
            fail();
        }
        for (size_t word = 0; symbol.words != NULL && word < symbol.words->count; word++) {
            snprintf(wanted, sizeof wanted, "`%s`", symbol.words->words[word]);
            assert_non_null(strstr(document, wanted));
        }
    }
    free(document);
}

static void document_names_every_reason_a_file_is_refused_for(void **state)
{
    (void)state;
    size_t length = 0;
    char *document = file_read(DOCUMENT, &length);
    size_t count = 0;
    char **names = folder_list(TEST_SOURCE_DIR "/tests/policies/bad", &count);
    for (size_t i = 0; i < count; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/tests/policies/bad/%s/expected", TEST_SOURCE_DIR, names[i]);
        char *expected = file_read(path, &length);
        char wanted[80];
        snprintf(wanted, sizeof wanted, "`%.*s`", (int)strcspn(expected, " "), expected);
        assert_non_null(strstr(document, wanted));
        free(expected);
    }
    folder_list_free(names);
    free(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_do_what_the_document_says),
        cmocka_unit_test(conditions_of_the_document_can_be_asked),
        cmocka_unit_test(document_names_every_parameter),
        cmocka_unit_test(document_names_every_fact_and_word),
        cmocka_unit_test(document_names_every_reason_a_file_is_refused_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
