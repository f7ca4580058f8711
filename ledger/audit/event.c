/* event.c - a stored event taken apart, strictly (audit-log.md 4.3). */
#include "ledger/audit/log.h"
#include "ledger/base/text.h"

#include <string.h>

#define HEADER "ledger-event/v1 "
#define DASH "\xE2\x80\x94 "

static bool leaf_error(const char *what, struct error *err)
{
    return error_set(err, FAULT_INTEGRITY, "E_LEAF", _("an event is malformed: %s"), what);
}

/* The line that begins at *at; moves *at behind its LF. NULL if there is none. */
static const char *next_line(const char *bytes, size_t length, size_t *at, size_t *ret_length)
{
    const char *start = bytes + *at;
    const char *stop = *at < length ? memchr(start, '\n', length - *at) : NULL;
    if (stop == NULL) {
        return NULL;
    }
    *ret_length = (size_t)(stop - start);
    *at += *ret_length + 1;
    return start;
}

static bool header_read(struct arena *arena, const char *origin, const char *line, size_t length,
                        struct error *err)
{
    size_t prefix = strlen(HEADER);

    if (length <= prefix || memcmp(line, HEADER, prefix) != 0) {
        return leaf_error(_("it does not begin as an event"), err);
    }
    const char *named = arena_text_n(arena, line + prefix, length - prefix);
    if (!origin_is_valid(named) || (origin != NULL && !text_equal(named, origin))) {
        return error_set(err, FAULT_INTEGRITY, "E_ORIGIN", _("an event belongs to “%s”"), named);
    }
    return true;
}

static bool signature_read(struct arena *arena, const char *line, size_t length,
                           struct event_signature *ret, struct error *err)
{
    size_t dash = strlen(DASH);
    uint8_t bytes[68];
    size_t decoded = 0;
    const char *space = length > dash ? memchr(line + dash, ' ', length - dash) : NULL;

    if (space == NULL || memcmp(line, DASH, dash) != 0) {
        return leaf_error(_("a signature line has no name"), err);
    }
    const char *base64 = space + 1;
    if (!base64_parse(base64, (size_t)(line + length - base64), bytes, sizeof bytes, &decoded) ||
        decoded != sizeof bytes) {
        return leaf_error(_("a signature line is not strict base64 of 68 bytes"), err);
    }
    ret->name = arena_text_n(arena, line + dash, (size_t)(space - line) - dash);
    ret->key_id = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
                  bytes[3];
    memcpy(ret->signature, bytes + 4, sizeof ret->signature);
    return true;
}

static bool in_order(const struct event_signature *a, const struct event_signature *b)
{
    int names = strcmp(a->name, b->name);
    return names < 0 || (names == 0 && a->key_id < b->key_id);
}

static bool signatures_read(struct arena *arena, const char *leaf, size_t length, size_t at,
                            struct event *ret, struct error *err)
{
    while (at < length) {
        size_t line_length = 0;
        const char *line = next_line(leaf, length, &at, &line_length);
        if (line == NULL) {
            return leaf_error(_("its last line has no end"), err);
        }
        if (ret->signatures == EVENT_SIGNERS_MAX) {
            return leaf_error(_("it has too many signatures"), err);
        }
        struct event_signature *signature = &ret->signature[ret->signatures];
        if (!signature_read(arena, line, line_length, signature, err)) {
            return false;
        }
        if (ret->signatures > 0 && !in_order(signature - 1, signature)) {
            return leaf_error(_("its signatures are not in order"), err);
        }
        ret->signatures++;
    }
    return ret->signatures > 0 || leaf_error(_("it bears no signature"), err);
}

static bool members_read(struct canon *object, struct event *ret)
{
    int64_t seq = 0;
    const char *cmd = canon_get_text(object, "cmd");
    struct error ignored;

    ret->type = canon_get_text(object, "type");
    ret->actor = canon_get_text(object, "actor");
    ret->role = canon_get_text(object, "role");
    ret->at = canon_get_text(object, "at");
    ret->body = canon_get(object, "body");
    if (ret->type == NULL || ret->actor == NULL || ret->role == NULL || ret->at == NULL ||
        ret->body == NULL || canon_kind_of(ret->body) != CANON_OBJECT || cmd == NULL ||
        !uuid_from_hex(cmd, &ret->cmd, &ignored) ||
        !canon_get_sha256(object, "prev", &ret->prev) || !canon_get_int(object, "seq", &seq) ||
        seq < 0 || canon_count(object) != (canon_get(object, "clk") == NULL ? 8U : 9U)) {
        return false;
    }
    ret->seq = (uint64_t)seq;
    return true;
}

bool event_parse(struct arena *arena, const char *origin, const void *leaf, size_t length,
                 struct event *ret, struct error *err)
{
    const char *bytes = leaf;
    size_t at = 0;
    size_t line_length = 0;
    struct canon *object = NULL;

    *ret = (struct event){0};
    if (bytes == NULL || length == 0 || length > LEAF_MAX || !text_is_utf8(bytes, length)) {
        return leaf_error(_("its length or its encoding"), err);
    }
    const char *header = next_line(bytes, length, &at, &line_length);
    if (header == NULL) {
        return leaf_error(_("it has no lines"), err);
    }
    if (!header_read(arena, origin, header, line_length, err)) {
        return false;
    }
    ret->line = next_line(bytes, length, &at, &ret->line_length);
    if (ret->line == NULL) {
        return leaf_error(_("it has no content"), err);
    }
    ret->text = bytes;
    ret->text_length = at;
    const char *blank = next_line(bytes, length, &at, &line_length);
    if (blank == NULL || line_length != 0) {
        return leaf_error(_("no empty line parts content and signatures"), err);
    }
    if (!canon_read(arena, ret->line, ret->line_length, CANON_LINE_MAX, &object, err)) {
        return error_set(err, FAULT_INTEGRITY, "E_CANON", _("an event is not canonical"));
    }
    if (canon_kind_of(object) != CANON_OBJECT || !members_read(object, ret)) {
        return leaf_error(_("its members"), err);
    }
    return signatures_read(arena, bytes, length, at, ret, err);
}
