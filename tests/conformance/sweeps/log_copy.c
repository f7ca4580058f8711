#include "tests/conformance/sweeps/log_copy.h"
#include "tests/conformance/sweeps/second_opinion.h"

#include "ledger/base/text.h"

#include <stdio.h>
#include <string.h>

static struct span keep(struct arena *arena, const char *bytes, size_t length)
{
    return (struct span){arena_text_n(arena, bytes, length), length};
}

static bool take_leaf(void *context, const struct log_leaf *leaf, struct error *err)
{
    struct log_copy *copy = context;

    (void)err;
    assert_true(copy->events < COPY_EVENTS_MAX);
    copy->leaf[copy->events++] = keep(copy->arena, leaf->bytes, leaf->length);
    return true;
}

void log_copy_take(struct scene *scene, struct log_copy *ret)
{
    struct error err = {0};
    uint64_t size = 0;
    AUTO_OFFICE office = {0};
    AUTO_BUFFER note;

    *ret = (struct log_copy){.scene = scene, .arena = &scene->arena};
    buffer_init(&note, CHECKPOINT_NOTE_MAX);
    check_ok(office_open_to_verify(scene->book.path, &office, &err), &err);
    struct log_source source = log_source_of_book(office.store);
    check_ok(source.each_leaf(source.context, LOG_FROM_START, take_leaf, ret, &err), &err);
    do {
        check_ok(source.next_head(source.context, size, &size, &note, &err), &err);
        if (size > 0) {
            log_copy_put_head(ret, size, keep(ret->arena, note.data, note.length));
        }
    } while (size > 0);
    assert_int_equal(ret->events, scene->size);
}

/* --- events ------------------------------------------------------------------------------------
 */

const struct signing_key *thief_key(const struct scene *scene, size_t n)
{
    const struct signing_key *const keys[THIEF_KEYS] = {
        &scene->admin, &scene->clerk, &scene->manager, &scene->bureau, &scene->system};
    return keys[n];
}

static void parse(struct span leaf, struct note *ret)
{
    struct error err = {0};
    check_ok(note_parse(leaf.start, leaf.length, ret, &err), &err);
}

unsigned log_copy_signers(const struct log_copy *copy, size_t place)
{
    struct note note;
    unsigned signers = 0;

    parse(copy->leaf[place], &note);
    for (size_t i = 0; i < THIEF_KEYS; i++) {
        if (note_signature_by(&note, &thief_key(copy->scene, i)->verifier) != NULL) {
            signers |= 1U << i;
        }
    }
    assert_true(signers != 0);
    return signers;
}

/* The line of text under the signatures that stand there, those by the keys made again. */
static void sign_again(struct log_copy *copy, size_t place, const struct buffer *text,
                       unsigned keys)
{
    struct note note;
    AUTO_BUFFER leaf;

    buffer_init(&leaf, LEAF_MAX);
    parse(copy->leaf[place], &note);
    buffer_printf(&leaf, "%s\n", text->data);
    for (size_t line = 0; line < note.signatures; line++) {
        const struct signing_key *thief = NULL;
        for (size_t i = 0; i < THIEF_KEYS; i++) {
            const struct signing_key *key = thief_key(copy->scene, i);
            if ((keys & (1U << i)) != 0 &&
                note_signature_by(&note, &key->verifier) == &note.signature[line]) {
                thief = key;
            }
        }
        if (thief != NULL) {
            signature_line_add(thief, text->data, text->length, &leaf);
        } else {
            buffer_add(&leaf, note.signature[line].line.start, note.signature[line].line.length);
            buffer_add_byte(&leaf, '\n');
        }
    }
    copy->leaf[place] = keep(copy->arena, leaf.data, leaf.length);
}

/* The event with one member in another way. */
static void say(struct log_copy *copy, size_t place, const char *name, const char *value,
                unsigned keys)
{
    struct note note;
    struct canon *event = NULL;
    struct error err = {0};
    AUTO_BUFFER text;

    buffer_init(&text, LEAF_MAX);
    parse(copy->leaf[place], &note);
    const char *line = memchr(note.text, '\n', note.length);
    assert_non_null(line);
    line++;
    size_t length = note.length - (size_t)(line - note.text) - 1;
    check_ok(canon_read(copy->arena, line, length, CANON_LINE_MAX, &event, &err), &err);
    event = canon_copy(copy->arena, event, name);
    canon_set_text(event, name, value);
    buffer_add(&text, note.text, (size_t)(line - note.text));
    check_ok(canon_write(event, CANON_LINE_MAX, &text, &err), &err);
    buffer_add_byte(&text, '\n');
    sign_again(copy, place, &text, keys);
}

void log_copy_edit(struct log_copy *copy, size_t place)
{
    say(copy, place, "cmd", arena_printf(copy->arena, "%032zx", 0xfeed000 + place), 0);
}

void log_copy_chain(struct log_copy *copy, size_t place, unsigned keys)
{
    char hex[SHA256_HEX_SIZE];

    for (size_t i = place; i < copy->events; i++) {
        struct sha256 hash =
            i == 0 ? sha256_of("", 0)
                   : merkle_leaf_hash(copy->leaf[i - 1].start, copy->leaf[i - 1].length);
        hex_format(hash.byte, sizeof hash.byte, hex);
        say(copy, i, "seq", arena_printf(copy->arena, "%zu", i), 0);
        say(copy, i, "prev", hex, keys);
    }
}

/* --- heads -------------------------------------------------------------------------------------
 */

static struct sha256 leaf_hash(const struct log_copy *copy, size_t place)
{
    return merkle_leaf_hash(copy->leaf[place].start, copy->leaf[place].length);
}

struct sha256 log_copy_root(const struct log_copy *copy, uint64_t size)
{
    struct merkle_range range;

    merkle_range_init(&range);
    for (size_t i = 0; i < size; i++) {
        struct sha256 hash = leaf_hash(copy, i);
        merkle_range_append(&range, &hash);
    }
    return merkle_range_root(&range);
}

struct span log_copy_head(const struct log_copy *copy, uint64_t size)
{
    const struct scene *scene = copy->scene;
    const struct signing_key *day = &scene->days[size <= scene->seal       ? 0
                                                 : size <= scene->cosigned ? 1
                                                                           : 2];
    bool is_seal = size == scene->seal || size == scene->cosigned;
    struct sha256 root = log_copy_root(copy, size);
    AUTO_BUFFER note;

    buffer_init(&note, CHECKPOINT_NOTE_MAX);
    checkpoint_make(SCENE_ORIGIN, size, &root, &scene->log, day, is_seal ? day + 1 : NULL, &note);
    return keep(copy->arena, note.data, note.length);
}

void log_copy_put_head(struct log_copy *copy, uint64_t size, struct span note)
{
    size_t place = 0;

    while (place < copy->heads && copy->head[place].size < size) {
        place++;
    }
    if (place == copy->heads || copy->head[place].size != size) {
        assert_true(copy->heads < COPY_HEADS_MAX);
        memmove(&copy->head[place + 1], &copy->head[place],
                (copy->heads - place) * sizeof copy->head[0]);
        copy->heads++;
    }
    copy->head[place] = (struct copied_head){size, note};
}

void log_copy_drop_heads_above(struct log_copy *copy, uint64_t size)
{
    while (copy->heads > 0 && copy->head[copy->heads - 1].size > size) {
        copy->heads--;
    }
}

void log_copy_cover(struct log_copy *copy, size_t place)
{
    log_copy_drop_heads_above(copy, copy->events);
    log_copy_put_head(copy, copy->events, log_copy_head(copy, copy->events));
    for (size_t i = 0; i < copy->heads; i++) {
        if (copy->head[i].size > place) {
            copy->head[i].note = log_copy_head(copy, copy->head[i].size);
        }
    }
}

/* --- as something to verify --------------------------------------------------------------------
 */

static bool hash_of(void *context, uint64_t seq, struct sha256 *ret, struct error *err)
{
    (void)err;
    *ret = leaf_hash(context, seq);
    return true;
}

struct leaf_source log_copy_leaves(struct log_copy *copy)
{
    return (struct leaf_source){.context = copy, .leaf_hash = hash_of};
}

static bool each_leaf(void *context, int64_t from, log_leaf_visitor visit, void *visiting,
                      struct error *err)
{
    const struct log_copy *copy = context;

    for (size_t i = from > 0 ? (size_t)from : 0; i < copy->events; i++) {
        struct log_leaf leaf = {
            .seq = (int64_t)i, .bytes = copy->leaf[i].start, .length = copy->leaf[i].length};
        if (!visit(visiting, &leaf, err)) {
            return false;
        }
    }
    return true;
}

static bool no_rows(void *context, uint64_t seq, struct buffer *ret, struct error *err)
{
    (void)context, (void)seq, (void)err;
    buffer_clear(ret);
    return true;
}

static bool next_head(void *context, uint64_t after, uint64_t *ret_size, struct buffer *ret,
                      struct error *err)
{
    const struct log_copy *copy = context;

    (void)err;
    *ret_size = 0;
    buffer_clear(ret);
    for (size_t i = 0; i < copy->heads; i++) {
        if (copy->head[i].size > after) {
            *ret_size = copy->head[i].size;
            buffer_add(ret, copy->head[i].note.start, copy->head[i].note.length);
            break;
        }
    }
    return true;
}

static bool end(void *context, int64_t from, const struct log_tip *tip, uint64_t events_with_rows,
                struct findings *findings, struct error *err)
{
    (void)context, (void)from, (void)tip, (void)events_with_rows, (void)findings, (void)err;
    return true;
}

const char *log_copy_verdict(struct log_copy *copy)
{
    struct findings findings;
    struct verify_summary summary;
    struct error err = {0};
    struct log_source source = {.context = copy,
                                .each_leaf = each_leaf,
                                .rows = no_rows,
                                .next_head = next_head,
                                .end = end};
    struct verify_request request = {.source = &source, .trust = &copy->scene->trust};

    findings_init(&findings);
    check_ok(log_verify(&request, &findings, &summary, &err), &err);
    const char *verdict = scene_verdict_of(copy->scene, &findings);
    second_opinion_on_log(copy, verdict);
    return verdict;
}

bool verdict_tells(const char *verdict, const char *code, int64_t place)
{
    char finding[60];
    (void)snprintf(finding, sizeof finding, "%s@%lld ", code, (long long)place);
    return strstr(verdict, finding) != NULL;
}

bool verdict_tells_anywhere(const char *verdict, const char *code)
{
    char finding[40];
    (void)snprintf(finding, sizeof finding, "%s@", code);
    return strstr(verdict, finding) != NULL;
}

/* --- a group of tests --------------------------------------------------------------------------
 */

int sweep_set_up(void **state)
{
    static struct sweep sweep;
    void *scene = NULL;

    scene_set_up(&scene);
    sweep.scene = scene;
    scene_restore(sweep.scene);
    log_copy_take(sweep.scene, &sweep.genuine);
    arena_init(&sweep.work, (size_t)16 << 20);
    *state = &sweep;
    return 0;
}

int sweep_tear_down(void **state)
{
    struct sweep *sweep = *state;
    void *scene = sweep->scene;

    arena_release(&sweep->work);
    return scene_tear_down(&scene);
}

struct log_copy sweep_copy(struct sweep *sweep)
{
    struct log_copy copy = sweep->genuine;

    arena_reset(&sweep->work);
    copy.arena = &sweep->work;
    sweep->scene->trust.kept_count = 0;
    return copy;
}
