#include "tests/conformance/attacks/forging.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

char *leaf_at(struct scene *scene, uint64_t seq, size_t *ret_length)
{
    return scene_blob(
        scene, arena_printf(&scene->arena, "SELECT leaf FROM event WHERE seq = %" PRIu64, seq),
        ret_length);
}

char *last_leaf(struct scene *scene)
{
    size_t length = 0;
    return leaf_at(scene, scene->size - 1, &length);
}

/* The signed part of a leaf: header and line. */
char *signed_part(struct scene *scene, const char *leaf)
{
    const char *end = strstr(leaf, "\n\n");
    assert_non_null(end);
    return arena_text_n(&scene->arena, leaf, (size_t)(end + 1 - leaf));
}

char *replaced(struct scene *scene, const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    assert_non_null(at);
    return arena_printf(&scene->arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

void put_leaf(struct scene *scene, uint64_t seq, const void *bytes, size_t length)
{
    scene_sql_blob(
        scene, arena_printf(&scene->arena, "UPDATE event SET leaf = ?1 WHERE seq = %" PRIu64, seq),
        bytes, length);
}

void put_signed(struct scene *scene, uint64_t seq, const char *text, const struct signing_key *key)
{
    AUTO_BUFFER leaf;
    buffer_init(&leaf, LEAF_MAX);
    buffer_printf(&leaf, "%s\n", text);
    signature_line_add(key, text, strlen(text), &leaf);
    put_leaf(scene, seq, leaf.data, leaf.length);
}

/* Hashes, tree, head file and the newest recorded head as if it had always been so. */
void cover_up(struct scene *scene)
{
    AUTO_BUFFER note;
    buffer_init(&note, CHECKPOINT_NOTE_MAX);
    scene_mend(scene);
    scene_head(scene, scene->size, &scene->log, &scene->day, &note);
    scene_sql_blob(scene,
                   arena_printf(&scene->arena,
                                "UPDATE checkpoint SET note = ?1 WHERE size = %" PRIu64,
                                scene->size),
                   note.data, note.length);
}

/* The verdict on the book whose last event says this, signed by that key. */
const char *last_event_says(struct scene *scene, const char *text, const struct signing_key *key)
{
    put_signed(scene, scene->size - 1, text, key);
    cover_up(scene);
    return scene_verdict(scene);
}

/* The same with one part of the genuine last event replaced, signed by its author. */
const char *last_event_with(struct scene *scene, const char *from, const char *to)
{
    scene_restore_for(scene, scene->attack);
    const char *text = replaced(scene, signed_part(scene, last_leaf(scene)), from, to);
    return last_event_says(scene, text, &scene->bureau);
}

/* The genuine last event with another actor, role, type and body. */
const char *last_event_by(struct scene *scene, const char *actor, const char *type,
                          const char *body, const struct signing_key *key)
{
    scene_restore_for(scene, scene->attack);
    size_t prev = strlen("\"prev\":\"") + SHA256_HEX_SIZE;
    const char *text = signed_part(scene, last_leaf(scene));
    const char *text_prev = strstr(text, "\"prev\":\"");
    const char *at = strstr(text, "\"at\":\"");
    assert_non_null(text_prev);
    assert_non_null(at);
    text = arena_printf(&scene->arena,
                        "ledger-event/v1 " SCENE_ORIGIN "\n{\"actor\":\"%s\",%.*s\"body\":%s,"
                        "\"cmd\":\"%032d\",%.*s\"role\":\"%s\",\"seq\":\"%" PRIu64
                        "\",\"type\":\"%s\"}\n",
                        actor, (int)(strstr(at, "\"body\"") - at), at, body, 77, (int)prev + 1,
                        text_prev, actor, scene->size - 1, type);
    uint8_t command[16] = {[15] = 0x77};
    scene_sql_blob(scene,
                   arena_printf(&scene->arena, "UPDATE event SET cmd = ?1 WHERE seq = %" PRIu64,
                                scene->size - 1),
                   command, sizeof command);
    return last_event_says(scene, text, key);
}
