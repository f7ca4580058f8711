/* P15, second half: a shipped policy is loaded, its tests are loaded and run, as `policy test` and
 * an activation do. The baseline is what nobody could do without: libyaml's events of the same
 * bytes, looked at and thrown away. */
#include "ledger/base/alloc.h"
#include "rules/policy_test.h"
#include "tests/bench/bench.h"

#include <dirent.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#define FOLDER BENCH_SOURCE_DIR "/rules/policies"

struct text {
    char *path;
    char *bytes;
    size_t length;
};

static struct text text_read(const char *name, const char *ending)
{
    struct text text = {.bytes = alloc_zeroed(POLICY_BYTES_MAX, 1)};
    if (asprintf(&text.path, FOLDER "/%s%s", name, ending) < 0) {
        bench_fail("out of memory");
    }
    FILE *file = fopen(text.path, "rb");
    if (file == NULL) {
        bench_fail("%s cannot be read", text.path);
    }
    text.length = fread(text.bytes, 1, POLICY_BYTES_MAX, file);
    fclose(file);
    return text;
}

static void text_release(struct text *text)
{
    free(text->path);
    free(text->bytes);
}

static void load_and_test(const struct text *policy_text, const struct text *tests_text)
{
    AUTO_ARENA arena;
    struct policy *policy = NULL;
    const struct policy_tests *tests = NULL;
    struct test_report report;
    struct error err = {0};

    arena_init(&arena, ARENA_LIMIT_COMMAND);
    bench_ok(policy_load(policy_text->path, policy_text->bytes, policy_text->length, &policy, &err),
             &err);
    bench_ok(policy_tests_load(&arena, tests_text->path, tests_text->bytes, tests_text->length,
                               policy, &tests, &err),
             &err);
    policy_tests_run(tests, &arena, &report);
    bench_same("tests that fail", (int64_t)report.failures, 0);
    policy_free(policy);
}

static void parse_events(const struct text *text)
{
    yaml_parser_t parser;
    bool ended = false;

    if (yaml_parser_initialize(&parser) == 0) {
        bench_fail("libyaml does not begin");
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text->bytes, text->length);
    while (!ended) {
        yaml_event_t event;
        if (yaml_parser_parse(&parser, &event) == 0) {
            bench_fail("%s: %s", text->path, parser.problem);
        }
        ended = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
}

/* Rounds in turn. Adds to the sum of all policies. */
static void measure(const struct bench *bench, const char *name, struct timings *ours,
                    struct timings *raw)
{
    size_t rounds = bench->smoke ? 1 : 50;
    struct text policy = text_read(name, ".yaml");
    struct text tests = text_read(name, ".tests.yaml");
    struct timings of_policy = {0};

    for (size_t i = 0; i < rounds; i++) {
        int64_t start = nanoseconds();
        load_and_test(&policy, &tests);
        int64_t loaded = nanoseconds();
        parse_events(&policy);
        parse_events(&tests);
        timings_add(raw, nanoseconds() - loaded);
        timings_add(ours, loaded - start);
        timings_add(&of_policy, loaded - start);
    }
    bench_line(name, &of_policy, rounds, "policies");
    timings_release(&of_policy);
    text_release(&policy);
    text_release(&tests);
}

static int is_policy(const struct dirent *entry)
{
    return fnmatch("*.yaml", entry->d_name, 0) == 0 &&
           fnmatch("*.tests.yaml", entry->d_name, 0) != 0;
}

void bench_policies(struct bench *bench)
{
    struct dirent **entry = NULL;
    struct timings ours = {0};
    struct timings raw = {0};
    int count = scandir(FOLDER, &entry, is_policy, alphasort);

    if (count <= 0) {
        bench_fail("%s has no policies", FOLDER);
    }
    for (int i = 0; i < count; i++) {
        char *name = entry[i]->d_name;
        *strrchr(name, '.') = '\0';
        measure(bench, name, &ours, &raw);
        free(entry[i]);
    }
    free(entry);
    bench_line("all, loaded and tested", &ours, ours.count, "policies");
    bench_line("libyaml alone", &raw, raw.count, "policies");
    bench_judge(bench, (double)ours.total / (double)raw.total, 4, -1);
    timings_release(&ours);
    timings_release(&raw);
}
