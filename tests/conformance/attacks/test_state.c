/* Every attack on a book once more behind each earlier state that the attack left alone: what the
 * full verification tells of the new events is told by the one that reads only them. Then the
 * attacks on states themselves. */
#include "ledger/audit/checks.h"
#include "ledger/base/text.h"
#include "tests/conformance/attacks/attack_scene.h"
#include "tests/conformance/attacks/attacks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENTS_MAX 64

static struct {
    char *book; /* whose states these are */
    struct verify_state of[EVENTS_MAX];
} states;
static size_t compared;
enum verify_check check_removed = CHECK_COUNT;

static void forget_states(void)
{
    for (size_t i = 0; states.book != NULL && i < EVENTS_MAX; i++) {
        verify_state_release(&states.of[i]);
    }
    free(states.book);
    states.book = NULL;
}

static void make_states(struct scene *scene)
{
    if (states.book != NULL && text_equal(states.book, scene->book.path)) {
        return;
    }
    forget_states();
    assert_true(scene->size < EVENTS_MAX);
    states.book = strdup(scene->book.path);
    for (uint64_t size = 1; size < scene->size; size++) {
        scene_state(scene, size, &states.of[size]);
    }
}

/* Rules, tables and the file itself are not part of it, nor what was verified before. A quorum that
 * the state has seen is not lost by a line that is taken away. */
static bool is_part_of_since(const struct finding *finding, uint64_t size, bool witnessed)
{
    static const char *const never[] = {"E_RULE", "E_PROJECTION", "E_PII", "E_CONTAINER"};
    for (size_t i = 0; i < COUNT_OF(never); i++) {
        if (text_equal(finding->code, never[i])) {
            return false;
        }
    }
    if (text_equal(finding->code, "E_DISPUTE")) {
        return true;
    }
    return (finding->seq < 0 || finding->seq >= (int64_t)size) &&
           !(witnessed && (text_equal(finding->code, "E_QUORUM")));
}

static const char *list_of(struct scene *scene, const struct findings *findings, uint64_t size,
                           bool witnessed)
{
    AUTO_BUFFER text;
    buffer_init(&text, 1 << 20);
    buffer_add_text(&text, "");
    for (size_t i = 0; i < findings->count; i++) {
        if (is_part_of_since(&findings->list[i], size, witnessed)) {
            buffer_printf(&text, "%s@%" PRId64 " ", findings->list[i].code, findings->list[i].seq);
        }
    }
    return arena_text(&scene->arena, text.data == NULL ? "" : text.data);
}

static void find(struct office *office, const struct verify_scope *scope, struct findings *ret)
{
    struct verify_summary summary;
    struct error err = {0};
    findings_init(ret);
    check_ok(book_verify(office, scope, ret, &summary, &err), &err);
}

/* How many of the first events the attack left alone. */
static uint64_t untouched(struct scene *scene)
{
    struct merkle_range range;
    merkle_range_init(&range);
    if (scene_number(scene, "SELECT coalesce(min(seq), 1) FROM event") != 0) {
        return 0;
    }
    while (range.size + 1 < scene->size) {
        size_t length = 0;
        const char *sql = arena_printf(
            &scene->arena, "SELECT max(leaf) FROM event WHERE seq = %" PRIu64, range.size);
        const char *leaf = scene_blob(scene, sql, &length);
        struct sha256 hash = merkle_leaf_hash(leaf, length);
        merkle_range_append(&range, &hash);
        struct sha256 now = merkle_range_root(&range);
        struct sha256 then = merkle_range_root(&states.of[range.size].range);
        if (!sha256_equal(&now, &then)) {
            return range.size - 1;
        }
    }
    return range.size;
}

static void compare_since(struct scene *scene, const char *folder, const char *verdict)
{
    struct findings whole;
    struct findings since;
    struct error err = {0};
    AUTO_OFFICE office = {0};
    struct verify_scope scope = scene->scope;
    if (folder != NULL || scope.structure || text_equal(verdict, "E_CONTAINER@-1 tampering")) {
        return; /* nothing, or not the same, was read */
    }
    scope.personal = NULL;
    make_states(scene);
    check_ok(office_open_to_verify(scene->copy, &office, &err), &err);
    check_removed = CHECK_V1_SCHEMA; /* is left out of the comparison, and takes half of the time */
    find(&office, &scope, &whole);
    uint64_t last = untouched(scene);
    for (uint64_t size = 1; size <= last; size++) {
        bool witnessed = states.of[size].heads.witnessed_size > 0;
        scope.since = &states.of[size];
        find(&office, &scope, &since);
        check_text_equal(list_of(scene, &since, size, witnessed),
                         list_of(scene, &whole, size, witnessed));
        findings_release(&since);
        compared++;
    }
    check_removed = CHECK_COUNT;
    findings_release(&whole);
}

int main(void)
{
    scene_watcher = compare_since;
    int failed = attacks_on_book() + attacks_with_keys();
    scene_watcher = NULL;
    forget_states();
    printf("%zu verdicts compared with that from an earlier state\n", compared);
    return failed + attacks_on_state() + (compared > 500 ? 0 : 1);
}
