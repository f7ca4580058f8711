/* event.c - a stored event taken apart, strictly (audit-log.md 4.3). */
#include "ledger/audit/log.h"

#include <string.h>

#include "ledger/audit/line_reader.h"
#include "ledger/base/text.h"

#define HEADER "ledger-event/v1"
#define DASH "\u2014"
#define ROLE_MAX 32
#define MEMBERS 8 /* actor at body cmd prev role seq type; clk may come on top */
#define SIGNATURE_BYTES (4 + 64)

static bool leaf_error(const char *what, struct error *err)
{
    return error_set(err, FAULT_INTEGRITY, "E_LEAF", _("an event is malformed: %s"), what);
}

static bool read_header(struct arena *arena, const char *origin, struct line_reader *reader,
                        struct event *ret, struct error *err)
{
    char named[KEY_NAME_MAX];
    struct span field;
    if (!line_next_field(reader, HEADER, &field)) {
        return leaf_error(_("it does not begin as an event"), err);
    }
    if (!span_copy(field, named, sizeof named) || !origin_is_valid(named)) {
        return error_set(err, FAULT_INTEGRITY, "E_ORIGIN", _("an event names no book"));
    }
    if (origin != NULL && strcmp(named, origin) != 0) {
        return error_set(err, FAULT_INTEGRITY, "E_ORIGIN", _("an event belongs to the book %s"),
                         named);
    }
    ret->origin = arena_text(arena, named);
    return true;
}

/* Names of keys in a log are ASCII: an origin, "/a/" and a staff code. */
static bool name_is_plain(struct span name)
{
    for (size_t i = 0; i < name.length; i++) {
        if (name.start[i] <= ' ' || name.start[i] > '~' || name.start[i] == '+') {
            return false;
        }
    }
    return name.length > 0 && name.length <= KEY_NAME_MAX;
}

static bool read_signature(struct arena *arena, struct span line, struct event_signature *ret)
{
    uint8_t bytes[SIGNATURE_BYTES];
    size_t decoded = 0;
    const char *space = memchr(line.start, ' ', line.length);
    if (space == NULL) {
        return false;
    }
    struct span name = {line.start, (size_t)(space - line.start)};
    if (!name_is_plain(name) ||
        !base64_parse(space + 1, line.length - name.length - 1, bytes, sizeof bytes, &decoded) ||
        decoded != sizeof bytes) {
        return false;
    }
    ret->name = arena_text_n(arena, name.start, name.length);
    ret->key_id = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
                  (uint32_t)bytes[3];
    memcpy(ret->signature, bytes + 4, sizeof ret->signature);
    return true;
}

static bool in_order(const struct event_signature *a, const struct event_signature *b)
{
    int names = strcmp(a->name, b->name);
    return names < 0 || (names == 0 && a->key_id < b->key_id);
}

static bool read_signatures(struct arena *arena, struct line_reader *reader, struct event *ret,
                            struct error *err)
{
    while (!line_at_end(reader)) {
        struct span line;
        if (ret->signatures == EVENT_SIGNERS_MAX) {
            return leaf_error(_("it has too many signatures"), err);
        }
        struct event_signature *signature = &ret->signature[ret->signatures];
        if (!line_next_field(reader, DASH, &line) || !read_signature(arena, line, signature)) {
            return leaf_error(_("a signature line is not strict"), err);
        }
        if (ret->signatures > 0 && !in_order(signature - 1, signature)) {
            return leaf_error(_("its signatures are not in order"), err);
        }
        ret->signatures++;
    }
    return ret->signatures > 0 || leaf_error(_("it bears no signature"), err);
}

/* Words of small letters, digits and "-", parted by single dots. */
static bool is_dotted_word(const char *text, size_t length_max)
{
    size_t length = strnlen(text, length_max + 1);
    if (length == 0 || length > length_max) {
        return false;
    }
    bool inside = false;
    for (size_t i = 0; i < length; i++) {
        bool letter = text[i] >= 'a' && text[i] <= 'z';
        bool later = (text[i] >= '0' && text[i] <= '9') || text[i] == '-' || text[i] == '.';
        if (!letter && !(inside && later)) {
            return false;
        }
        inside = text[i] != '.';
    }
    return inside;
}

static bool read_cmd(const struct canon *line, struct uuid *ret)
{
    struct error ignored;
    const char *hex = canon_get_text(line, "cmd");
    return hex != NULL && uuid_from_hex(hex, ret, &ignored);
}

static bool read_clk(const struct canon *clk, struct event *ret)
{
    struct uuid boot;
    struct error ignored;
    const char *hex = canon_get_text(clk, "boot");
    ret->has_clk = true;
    if (canon_count(clk) != 2 || hex == NULL || !uuid_from_hex(hex, &boot, &ignored) ||
        !canon_get_int(clk, "up", &ret->clk_up)) {
        return false;
    }
    uuid_to_hex(&boot, ret->clk_boot);
    return ret->clk_up >= 0;
}

static bool read_members(const struct canon *line, struct event *ret)
{
    int64_t seq = 0;
    const struct canon *clk = canon_get(line, "clk");
    ret->type = canon_get_text(line, "type");
    ret->actor = canon_get_text(line, "actor");
    ret->role = canon_get_text(line, "role");
    ret->at = canon_get_text(line, "at");
    ret->body = canon_get(line, "body");
    if (ret->type == NULL || ret->actor == NULL || ret->role == NULL || ret->at == NULL ||
        ret->body == NULL || canon_count(line) != MEMBERS + (clk == NULL ? 0U : 1U)) {
        return false;
    }
    if (!canon_get_int(line, "seq", &seq) || seq < 0 || !read_cmd(line, &ret->cmd) ||
        !canon_get_sha256(line, "prev", &ret->prev) || (clk != NULL && !read_clk(clk, ret))) {
        return false;
    }
    ret->seq = (uint64_t)seq;
    return canon_kind_of(ret->body) == CANON_OBJECT && instant_parse(ret->at, &ret->instant) &&
           staff_code_is_valid(ret->actor) && is_dotted_word(ret->role, ROLE_MAX) &&
           is_dotted_word(ret->type, EVENT_TYPE_MAX);
}

static bool read_line(struct arena *arena, struct line_reader *reader, struct event *ret,
                      struct error *err)
{
    struct span line;
    struct canon *value = NULL;
    struct error why;
    if (!line_next(reader, &line)) {
        return leaf_error(_("it has no content"), err);
    }
    if (!canon_read(arena, line.start, line.length, CANON_LINE_MAX, &value, &why)) {
        return error_set(err, FAULT_INTEGRITY, "E_CANON", "%s", why.text);
    }
    if (!read_members(value, ret)) {
        return error_set(err, FAULT_INTEGRITY, "E_CANON",
                         _("an event lacks a member, has one too many, or one is malformed"));
    }
    ret->line = line.start;
    ret->line_length = line.length;
    return true;
}

bool event_parse(struct arena *arena, const char *origin, const void *leaf, size_t length,
                 struct event *ret, struct error *err)
{
    struct line_reader reader;
    *ret = (struct event){0};
    if (leaf == NULL || length == 0 || length > LEAF_MAX) {
        return leaf_error(_("it is empty or too long"), err);
    }
    line_reader_init(&reader, leaf, length);
    if (!read_header(arena, origin, &reader, ret, err) || !read_line(arena, &reader, ret, err)) {
        return false;
    }
    ret->text = leaf;
    ret->leaf_length = length;
    ret->text_length = (size_t)(line_rest(&reader).start - ret->text);
    if (!line_next_is(&reader, "")) {
        return leaf_error(_("no empty line parts content and signatures"), err);
    }
    return read_signatures(arena, &reader, ret, err);
}
