/* Heads: every line of every one taken away, doubled, exchanged and signed by every other key; the
 * log put back to every earlier size, and another history begun at every place with all keys in
 * hand, against every head that somebody may have kept and every state of a witness (audit-log.md
 * 6, groups 5 to 7). */
#include "tests/conformance/sweeps/second_opinion.h"

#include "ledger/audit/witness.h"
#include "ledger/base/text.h"

#include <stdio.h>
#include <string.h>

static void keep_only(struct sweep *sweep, uint64_t size)
{
    struct sha256 root = log_copy_root(&sweep->genuine, size);

    sweep->scene->trust.kept_count = 0;
    scene_keep(sweep->scene, size, &root);
}

/* --- lines -------------------------------------------------------------------------------------
 */

/* The text of a head under these lines; an empty one is left out. */
static void put_lines(struct log_copy *copy, size_t head, const struct span *line, size_t lines)
{
    struct span old = copy->head[head].note;
    struct error err = {0};
    struct note note;
    AUTO_BUFFER bytes;

    buffer_init(&bytes, CHECKPOINT_NOTE_MAX);
    check_ok(note_parse(old.start, old.length, &note, &err), &err);
    buffer_add(&bytes, note.text, note.length);
    buffer_add_byte(&bytes, '\n');
    for (size_t i = 0; i < lines; i++) {
        if (line[i].length > 0) {
            buffer_add(&bytes, line[i].start, line[i].length);
            buffer_add_byte(&bytes, '\n');
        }
    }
    copy->head[head].note =
        (struct span){arena_text_n(copy->arena, bytes.data, bytes.length), bytes.length};
}

static size_t lines_of(const struct log_copy *copy, size_t head, struct span ret[static 8])
{
    struct span bytes = copy->head[head].note;
    struct error err = {0};
    struct note note;

    check_ok(note_parse(bytes.start, bytes.length, &note, &err), &err);
    assert_true(note.signatures < 8);
    for (size_t i = 0; i < note.signatures; i++) {
        ret[i] = note.signature[i].line;
    }
    return note.signatures;
}

/* Something is told of the head, or no witness is left; never nothing. */
static void check_told(struct log_copy *copy, size_t head, const char *what)
{
    const char *verdict = log_copy_verdict(copy);
    int64_t last = (int64_t)copy->head[head].size - 1;

    if (!verdict_tells(verdict, "E_CPSIG", last) && !verdict_tells(verdict, "E_EPOCH", last) &&
        !verdict_tells(verdict, "E_QUORUM", -1)) {
        fail_msg("head of %lld, %s: %s", (long long)last + 1, what, verdict);
    }
}

/* Calls for every head and each of its lines; `lines` may be changed. */
static void each_line(struct sweep *sweep,
                      void (*alter)(struct span *lines, size_t *count, size_t at), const char *what)
{
    for (size_t head = 0; head < sweep->genuine.heads; head++) {
        struct span lines[9];
        size_t count = lines_of(&sweep->genuine, head, lines);
        for (size_t at = 0; at < count; at++) {
            struct log_copy copy = sweep_copy(sweep);
            size_t now = lines_of(&sweep->genuine, head, lines);
            alter(lines, &now, at);
            put_lines(&copy, head, lines, now);
            check_told(&copy, head, what);
        }
    }
}

static void drop(struct span *lines, size_t *count, size_t at)
{
    (void)count;
    lines[at].length = 0;
}

static void twice(struct span *lines, size_t *count, size_t at)
{
    lines[(*count)++] = lines[at];
}

static void every_line_dropped_or_doubled(void **state)
{
    each_line(*state, drop, "a line dropped");
    second_opinion_forgive("E_CPSIG"); /* x/mod passes over a line that it has seen */
    each_line(*state, twice, "a line twice");
    second_opinion_forgive(NULL);
}

static void every_two_lines_exchanged(void **state)
{
    struct sweep *sweep = *state;

    second_opinion_forgive("E_CPSIG"); /* the order of lines is ours alone to ask for */
    for (size_t head = 0; head < sweep->genuine.heads; head++) {
        struct span lines[8];
        size_t count = lines_of(&sweep->genuine, head, lines);
        for (size_t i = 0; i < count; i++) {
            for (size_t j = i + 1; j < count; j++) {
                struct log_copy copy = sweep_copy(sweep);
                (void)lines_of(&sweep->genuine, head, lines);
                struct span line = lines[i];
                lines[i] = lines[j];
                lines[j] = line;
                put_lines(&copy, head, lines, count);
                check_told(&copy, head, "two lines exchanged");
            }
        }
    }
    second_opinion_forgive(NULL);
}

/* The line of another key in the place of one, under its own name or that of the right one. */
static void check_other_key(struct sweep *sweep, size_t head, size_t at,
                            const struct signing_key *key, bool own_name)
{
    struct log_copy copy = sweep_copy(sweep);
    struct span lines[8];
    size_t count = lines_of(&copy, head, lines);
    const char *text = copy.head[head].note.start;
    size_t length = (size_t)(strstr(text, "\n\n") + 1 - text);
    struct signing_key forger = *key;
    AUTO_BUFFER line;

    buffer_init(&line, SIGNATURE_LINE_MAX);
    if (!own_name) {
        const char *name = lines[at].start + strlen("\u2014 ");
        (void)snprintf(forger.verifier.name, sizeof forger.verifier.name, "%.*s",
                       (int)strcspn(name, " "), name);
    }
    signature_line_add(&forger, text, length, &line);
    struct span genuine = lines[at];
    lines[at] = (struct span){line.data, line.length - 1};
    if (lines[at].length != genuine.length ||
        memcmp(line.data, genuine.start, genuine.length) != 0) {
        put_lines(&copy, head, lines, count);
        check_told(&copy, head, key->verifier.name);
    }
}

static void every_line_by_every_other_key(void **state)
{
    struct sweep *sweep = *state;
    const struct scene *scene = sweep->scene;
    const struct signing_key *const keys[] = {&scene->log,     &scene->days[0], &scene->days[1],
                                              &scene->days[2], &scene->admin,   &scene->clerk,
                                              &scene->system};

    for (size_t head = 0; head < sweep->genuine.heads; head++) {
        struct span lines[8];
        size_t count = lines_of(&sweep->genuine, head, lines);
        for (size_t at = 0; at < count; at++) {
            for (size_t i = 0; i < COUNT_OF(keys); i++) {
                check_other_key(sweep, head, at, keys[i], true);
                check_other_key(sweep, head, at, keys[i], false);
            }
        }
    }
}

/* The lines of each head under the text of each other. */
static void every_head_signed_with_the_lines_of_every_other(void **state)
{
    struct sweep *sweep = *state;

    for (size_t head = 0; head < sweep->genuine.heads; head++) {
        for (size_t other = 0; other < sweep->genuine.heads; other++) {
            struct log_copy copy = sweep_copy(sweep);
            struct span lines[8];
            size_t count = lines_of(&copy, other, lines);
            put_lines(&copy, head, lines, count);
            if (other != head) {
                check_told(&copy, head, "lines of another head");
            }
        }
    }
}

/* Good signatures of all the right keys over another root. */
static void every_head_of_another_root(void **state)
{
    struct sweep *sweep = *state;

    for (size_t head = 0; head < sweep->genuine.heads; head++) {
        struct log_copy copy = sweep_copy(sweep);
        struct log_copy other = copy;
        uint64_t size = copy.head[head].size;
        log_copy_edit(&other, size - 1);
        log_copy_put_head(&copy, size, log_copy_head(&other, size));
        const char *verdict = log_copy_verdict(&copy);
        if (!verdict_tells(verdict, "E_ROOT", (int64_t)size - 1)) {
            fail_msg("head of %llu: %s", (unsigned long long)size, verdict);
        }
    }
}

/* Heads of a day that are no seal say nothing that others do not say. */
static void every_head_dropped(void **state)
{
    struct sweep *sweep = *state;
    const struct scene *scene = sweep->scene;

    for (size_t head = 0; head < sweep->genuine.heads; head++) {
        struct log_copy copy = sweep_copy(sweep);
        uint64_t size = copy.head[head].size;
        const char *wanted = "proven";
        if (size == scene->cosigned) {
            wanted = arena_printf(copy.arena, "E_EPOCH@%d E_QUORUM@-1 tampering", (int)size - 1);
        } else if (size == scene->seal) {
            wanted = arena_printf(copy.arena, "E_EPOCH@%d tampering", (int)size - 1);
        } else if (size == scene->size) {
            wanted = "E_TAIL@-1 tampering";
        }
        memmove(&copy.head[head], &copy.head[head + 1],
                (copy.heads - head - 1) * sizeof copy.head[0]);
        copy.heads--;
        check_text_equal(log_copy_verdict(&copy), wanted);
    }
}

/* --- put back ----------------------------------------------------------------------------------
 */

/* With the head that the log had then. */
static void put_back(struct log_copy *copy, uint64_t size)
{
    copy->events = size;
    log_copy_drop_heads_above(copy, size);
    if (copy->heads == 0 || copy->head[copy->heads - 1].size != size) {
        log_copy_put_head(copy, size, log_copy_head(copy, size));
    }
}

/* Nothing inside the log tells: only that no witness has seen it, or what somebody kept. */
static void put_back_to_every_size(void **state)
{
    struct sweep *sweep = *state;

    for (uint64_t size = 1; size < sweep->scene->size; size++) {
        struct log_copy copy = sweep_copy(sweep);
        bool seen = size >= sweep->scene->cosigned;
        put_back(&copy, size);
        const char *alone = seen ? "proven" : "E_QUORUM@-1 not proven";
        check_text_equal(log_copy_verdict(&copy), alone);
        for (uint64_t kept = 1; kept <= sweep->scene->size; kept++) {
            keep_only(sweep, kept);
            check_text_equal(log_copy_verdict(&copy), kept <= size ? alone
                                                      : seen
                                                          ? "E_ROLLBACK@-1 tampering"
                                                          : "E_QUORUM@-1 E_ROLLBACK@-1 tampering");
        }
    }
}

/* --- another history ---------------------------------------------------------------------------
 */

/* Everybody together, and both keys of the log. */
static struct log_copy forked(struct sweep *sweep, size_t place)
{
    struct log_copy copy = sweep_copy(sweep);

    log_copy_edit(&copy, place);
    log_copy_chain(&copy, place, THIEF_ALL);
    log_copy_cover(&copy, place);
    return copy;
}

static void forked_at_every_place(void **state)
{
    struct sweep *sweep = *state;

    for (size_t place = 0; place < sweep->genuine.events; place++) {
        struct log_copy copy = forked(sweep, place);
        bool seen = place >= sweep->scene->cosigned;
        const char *alone = place == 0 ? "E_TRUST@0 not proven"
                            : seen     ? "proven"
                                       : "E_QUORUM@-1 not proven";
        check_text_equal(log_copy_verdict(&copy), alone);
        for (uint64_t kept = 1; kept <= copy.events; kept++) {
            keep_only(sweep, kept);
            const char *verdict = log_copy_verdict(&copy);
            if (kept <= place) {
                check_text_equal(verdict, alone);
            } else if (!verdict_tells(verdict, "E_FORK", (int64_t)kept - 1) ||
                       strstr(verdict, "tampering") == NULL) {
                fail_msg("forked at %zu, kept %llu: %s", place, (unsigned long long)kept, verdict);
            }
        }
    }
}

/* What the witness that has seen `seen` genuine events answers to the forked log; "": a line. */
static const char *answer(struct log_copy *copy, const struct sweep *sweep, uint64_t seen)
{
    static struct error err;
    char vkey[VKEY_TEXT_MAX];
    struct leaf_source leaves = log_copy_leaves(copy);
    struct tree_source tree = tree_source_of_leaves(&leaves);
    struct span head = copy->head[copy->heads - 1].note;
    struct witness_request request = {
        .old_size = seen, .checkpoint = head.start, .checkpoint_length = head.length};
    const struct witness_policy *policy = NULL;
    struct witness_state memory;
    AUTO_BUFFER line;

    err = (struct error){0};
    buffer_init(&line, SIGNATURE_LINE_MAX);
    const char *text = arena_printf(copy->arena, "log %s\nquorum none\n",
                                    verifier_key_format(&sweep->scene->log.verifier, vkey));
    check_ok(witness_policy_parse(copy->arena, text, strlen(text), &policy, &err), &err);
    witness_state_start(SCENE_ORIGIN, &sweep->scene->witness.verifier, &memory);
    memory.size = seen;
    memory.root = log_copy_root(&sweep->genuine, seen);
    check_ok(proof_of_consistency(&tree, seen, copy->events, &request.proof, &err), &err);
    struct signer signer = signer_of_key(&sweep->scene->witness);
    bool cosigned = witness_advance(&memory, &request, policy, &signer, INT64_C(1772500000),
                                    &memory, &line, &err);
    assert_true(cosigned == (line.length > 0));
    return cosigned ? "" : err.reason;
}

static void no_witness_follows_into_another_history(void **state)
{
    struct sweep *sweep = *state;

    for (size_t place = 0; place < sweep->genuine.events; place++) {
        struct log_copy copy = forked(sweep, place);
        for (uint64_t seen = 1; seen <= copy.events; seen++) {
            check_text_equal(answer(&copy, sweep, seen), seen <= place         ? ""
                                                         : seen == copy.events ? "witness.fork"
                                                                               : "witness.proof");
        }
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_dropped_or_doubled),
        cmocka_unit_test(every_two_lines_exchanged),
        cmocka_unit_test(every_line_by_every_other_key),
        cmocka_unit_test(every_head_signed_with_the_lines_of_every_other),
        cmocka_unit_test(every_head_of_another_root),
        cmocka_unit_test(every_head_dropped),
        cmocka_unit_test(put_back_to_every_size),
        cmocka_unit_test(forked_at_every_place),
        cmocka_unit_test(no_witness_follows_into_another_history),
    };
    second_opinion_begin(argc, argv);
    int failed = cmocka_run_group_tests_name("heads", tests, sweep_set_up, sweep_tear_down);
    return failed + second_opinion_end();
}
