/* Random values: what is written is read back the same, and programs that share no code with ours
 * (jansson, jq, Python, two packages of Node) write the same bytes.
 *
 *     property_audit_canon [full]     values: 100,000, of which 2,000 for programs; full: 1,000,000
 */
#include "ledger/audit/canon.h"

#include "ledger/base/text.h"
#include "tests/support/check.h"
#include "tests/support/random.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int objects = 100000;
static int objects_for_others = 2000;

static size_t put_utf8(uint32_t c, char *ret)
{
    if (c < 0x80) {
        ret[0] = (char)c;
        return 1;
    }
    static const unsigned char lead[] = {0, 0xC0, 0xE0, 0xF0};
    size_t more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    for (size_t i = more; i > 0; i--) {
        ret[i] = (char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    ret[0] = (char)(lead[more] | c);
    return more + 1;
}

static uint32_t random_code_point(struct random_source *random)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {{0x20, 0x7E},    {0x20, 0x7E},        {0xA0, 0x7FF}, {0x4E00, 0x9FFF},
                  {0x800, 0xFFFF}, {0x10000, 0x10FFFF}, {'"', '"'},    {'\\', '\\'}};
    uint32_t c = 0;
    do {
        size_t range = (size_t)random_between(random, 0, COUNT_OF(ranges) - 1);
        c = (uint32_t)random_between(random, ranges[range].first, ranges[range].last);
    } while (!text_is_visible_code_point(c));
    return c;
}

static const char *random_text(struct random_source *random, struct arena *arena)
{
    int64_t count = random_between(random, 0, random_between(random, 0, 40));
    char *text = arena_alloc(arena, 4 * (size_t)count + 1);
    size_t length = 0;
    for (int64_t i = 0; i < count; i++) {
        length += put_utf8(random_code_point(random), text + length);
    }
    return text;
}

static const char *random_key(struct random_source *random, struct arena *arena)
{
    static const char bytes[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    int64_t count = random_between(random, 1, random_between(random, 1, CANON_KEY_MAX));
    char *key = arena_alloc(arena, (size_t)count + 1);
    key[0] = (char)('a' + random_between(random, 0, random_between(random, 0, 25)));
    for (int64_t i = 1; i < count; i++) {
        key[i] = bytes[random_between(random, 0, sizeof bytes - 2)];
    }
    return key;
}

static struct canon *random_value(struct random_source *random, struct arena *arena, int depth);

static struct canon *random_container(struct random_source *random, struct arena *arena, int depth,
                                      bool is_object)
{
    struct canon *container = is_object ? canon_object(arena) : canon_array(arena);
    int64_t count = random_between(random, 0, random_between(random, 0, 6));
    for (int64_t i = 0; i < count; i++) {
        struct canon *value = random_value(random, arena, depth);
        const char *key = random_key(random, arena);
        if (!is_object) {
            canon_add(container, value);
        } else if (canon_get(container, key) == NULL) {
            canon_set(container, key, value);
        }
    }
    return container;
}

static struct canon *random_value(struct random_source *random, struct arena *arena, int depth)
{
    int64_t kind = random_between(random, 0, depth < CANON_DEPTH_MAX ? 9 : 5);
    if (kind >= 6) {
        return random_container(random, arena, depth + 1, kind >= 8);
    }
    if (kind >= 4) {
        return canon_bool(arena, kind == 4);
    }
    return canon_text(arena, random_text(random, arena));
}

/* The same value built with the other library, in the other direction. */
static json_t *as_json(const struct canon *value)
{
    json_t *json = NULL;
    switch (canon_kind_of(value)) {
    case CANON_TEXT:
        return json_string(canon_as_text(value));
    case CANON_TRUE:
        return json_true();
    case CANON_FALSE:
        return json_false();
    case CANON_ARRAY:
        json = json_array();
        for (size_t i = 0; i < canon_count(value); i++) {
            json_array_append_new(json, as_json(canon_at(value, i)));
        }
        return json;
    case CANON_OBJECT:
        json = json_object();
        for (size_t i = canon_count(value); i > 0; i--) {
            json_object_set_new(json, canon_key_at(value, i - 1), as_json(canon_at(value, i - 1)));
        }
        return json;
    }
    return NULL;
}

static void check_against_jansson(const struct canon *value, const struct buffer *line)
{
    json_error_t why;
    json_t *built = as_json(value);
    char *dumped = json_dumps(built, JSON_SORT_KEYS | JSON_COMPACT | JSON_ENCODE_ANY);
    check_text_equal(dumped, line->data);
    json_t *parsed =
        json_loadb(line->data, line->length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
    assert_true(json_equal(built, parsed));
    free(dumped);
    json_decref(parsed);
    json_decref(built);
}

static void written_read_and_written_again_is_the_same(void **state)
{
    (void)state;
    struct random_source random = random_start("canon");
    AUTO_ARENA arena;
    AUTO_BUFFER line;
    AUTO_BUFFER again;
    arena_init(&arena, (size_t)64 << 20);
    buffer_init(&line, CANON_LINE_MAX);
    buffer_init(&again, CANON_LINE_MAX);
    for (int i = 0; i < objects; i++) {
        struct error err = {0};
        struct canon *back = NULL;
        arena_reset(&arena);
        buffer_clear(&line);
        buffer_clear(&again);
        struct canon *value = random_container(&random, &arena, 1, true);
        check_ok(canon_write(value, CANON_LINE_MAX, &line, &err), &err);
        check_ok(canon_read(&arena, line.data, line.length, CANON_LINE_MAX, &back, &err), &err);
        check_ok(canon_write(back, CANON_LINE_MAX, &again, &err), &err);
        check_text_equal(again.data, line.data);
        check_against_jansson(value, &line);
    }
}

/* A line with one byte changed, left out or put in is refused, or is the canonical form of another
 * value: never a second spelling. */
static void no_value_has_a_second_spelling(void **state)
{
    (void)state;
    static const char bytes[] = "\"\\{}[],: \t\nabtfnu0123/\x7F\xC3\xA4\xFF";
    struct random_source random = random_start("canon spellings");
    AUTO_ARENA arena;
    AUTO_BUFFER line;
    AUTO_BUFFER again;
    int read = 0;
    arena_init(&arena, (size_t)64 << 20);
    buffer_init(&line, CANON_LINE_MAX);
    buffer_init(&again, CANON_LINE_MAX);
    for (int i = 0; i < objects; i++) {
        struct error err = {0};
        struct canon *back = NULL;
        arena_reset(&arena);
        buffer_clear(&line);
        buffer_clear(&again);
        struct canon *value = random_container(&random, &arena, 1, true);
        check_ok(canon_write(value, CANON_LINE_MAX, &line, &err), &err);
        char *changed = arena_alloc(&arena, line.length + 2);
        size_t at = (size_t)random_between(&random, 0, (int64_t)line.length - 1);
        size_t cut = (size_t)random_between(&random, 0, 1);
        size_t put = (size_t)random_between(&random, 0, 1);
        memcpy(changed, line.data, at);
        changed[at] = bytes[random_between(&random, 0, sizeof bytes - 2)];
        memcpy(changed + at + put, line.data + at + cut, line.length - at - cut);
        size_t length = line.length - cut + put;
        if (canon_read(&arena, changed, length, CANON_LINE_MAX, &back, &err)) {
            check_ok(canon_write(back, CANON_LINE_MAX, &again, &err), &err);
            assert_int_equal(again.length, length);
            assert_memory_equal(again.data, changed, length);
            read++;
        }
    }
    assert_true(read > objects / 100); /* the changes reach both sides */
    assert_true(read < objects / 10 * 9);
}

static FILE *create(const char *folder, const char *name, char ret_path[512])
{
    (void)snprintf(ret_path, 512, "%s/%s", folder, name);
    FILE *file = fopen(ret_path, "we");
    assert_non_null(file);
    return file;
}

/* How others read lines of JSON and write each in its canonical form. */
static const char *const jq[] = {"jq", "-cS", ".", NULL};
static const char *const python[] = {
    "python3", "-c",
    "import json, sys\n"
    "sys.stdin.reconfigure(encoding='utf-8', newline='\\n')\n"
    "sys.stdout.reconfigure(encoding='utf-8', newline='\\n')\n"
    "for line in sys.stdin:\n"
    "    print(json.dumps(json.loads(line), sort_keys=True, separators=(',', ':'),"
    " ensure_ascii=False))\n",
    NULL};
/* The packages of Debian stand where Debian's own Node looks for them. */
#define NODE(package, function)                                                                    \
    {                                                                                              \
        "env", "NODE_PATH=/usr/share/nodejs", "node", "-e",                                        \
            "const write = require('" package "')" function ";\n"                                  \
            "const lines = require('readline').createInterface({input: process.stdin});\n"         \
            "lines.on('line', line => process.stdout.write(write(JSON.parse(line)) + '\\n'));\n",  \
            NULL                                                                                   \
    }
static const char *const json_stable_stringify[] = NODE("json-stable-stringify", "");
static const char *const fast_safe_stringify[] = NODE("fast-safe-stringify", ".stableStringify");

/* Runs it over one file into the other. */
static void run_over(const char *const *program, const char *from, const char *to)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        if (freopen(from, "r", stdin) != NULL && freopen(to, "w", stdout) != NULL) {
            execvp(program[0], (char *const *)(uintptr_t)program);
        }
        _exit(127);
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static bool same_content(const char *a, const char *b)
{
    FILE *left = fopen(a, "re"), *right = fopen(b, "re");
    assert_true(left != NULL && right != NULL);
    int x = 0, y = 0;
    do {
        x = fgetc(left);
        y = fgetc(right);
    } while (x == y && x != EOF);
    fclose(left);
    fclose(right);
    return x == y;
}

static void check_writes_the_same_lines(const char *const *program)
{
    struct random_source random = random_start("canon of others");
    char ours[512], theirs[512];
    AUTO_ARENA arena;
    AUTO_BUFFER line;
    char *folder = scratch_create();
    FILE *file = create(folder, "ours", ours);
    arena_init(&arena, (size_t)64 << 20);
    buffer_init(&line, CANON_LINE_MAX);
    for (int i = 0; i < objects_for_others; i++) {
        struct error err = {0};
        arena_reset(&arena);
        buffer_clear(&line);
        struct canon *value = random_container(&random, &arena, 1, true);
        check_ok(canon_write(value, CANON_LINE_MAX, &line, &err), &err);
        fprintf(file, "%s\n", line.data);
    }
    assert_int_equal(fclose(file), 0);
    fclose(create(folder, "theirs", theirs));
    run_over(program, ours, theirs);
    assert_true(same_content(ours, theirs));
    scratch_remove(folder);
}

static void jq_writes_the_same_lines(void **state)
{
    (void)state;
    check_writes_the_same_lines(jq);
}

static void python_writes_the_same_lines(void **state)
{
    (void)state;
    check_writes_the_same_lines(python);
}

static void json_stable_stringify_writes_the_same_lines(void **state)
{
    (void)state;
    check_writes_the_same_lines(json_stable_stringify);
}

static void fast_safe_stringify_writes_the_same_lines(void **state)
{
    (void)state;
    check_writes_the_same_lines(fast_safe_stringify);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_read_and_written_again_is_the_same),
        cmocka_unit_test(no_value_has_a_second_spelling),
        cmocka_unit_test(jq_writes_the_same_lines),
        cmocka_unit_test(python_writes_the_same_lines),
        cmocka_unit_test(json_stable_stringify_writes_the_same_lines),
        cmocka_unit_test(fast_safe_stringify_writes_the_same_lines),
    };

    if (argc > 1 && strcmp(argv[1], "full") == 0) {
        objects = objects_for_others = 1000000;
    }
    return cmocka_run_group_tests_name("canonical values", tests, NULL, NULL);
}
