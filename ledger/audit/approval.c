#include "ledger/audit/approval.h"

#include "ledger/audit/line_reader.h"
#include "ledger/audit/note.h"
#include "ledger/base/text.h"

#include <inttypes.h>
#include <string.h>

#define HEADER "ledger-approval/v1"
#define MEMBERS                                                                                    \
    9 /* actor amount_minor at cp decision expires nonce of_leaf of_seq; reason on top */

static bool malformed(const char *fact, struct error *err)
{
    return error_set(err, FAULT_INPUT, "approval.malformed", _("this is not an approval: %s"),
                     fact);
}

/* Writing -------------------------------------------------------------------------------------- */

static struct canon *line_of(struct arena *arena, const struct approval *approval)
{
    struct canon *line = canon_object(arena);
    struct canon *head = canon_object(arena);
    char text[INSTANT_TEXT_SIZE];
    char hex[UUID_HEX_SIZE];

    canon_set_sha256(head, "root", &approval->root);
    canon_set_int(head, "size", (int64_t)approval->size);
    canon_set_text(line, "actor", approval->actor);
    canon_set_fen(line, "amount_minor", approval->amount);
    canon_set_text(line, "at", instant_format(approval->at, text));
    canon_set(line, "cp", head);
    canon_set_text(line, "decision", approval->decision);
    canon_set_text(line, "expires", instant_format(approval->expires, text));
    canon_set_text(line, "nonce", uuid_to_hex(&approval->nonce, hex));
    canon_set_sha256(line, "of_leaf", &approval->of_leaf);
    canon_set_int(line, "of_seq", (int64_t)approval->of_seq);
    if (approval->reason != NULL) {
        canon_set_text(line, "reason", approval->reason);
    }
    return line;
}

bool approval_write(const struct approval *approval, const struct signer *signer,
                    struct buffer *ret, struct error *err)
{
    AUTO_ARENA arena;
    AUTO_BUFFER text;

    arena_init(&arena, ARENA_LIMIT_COMMAND);
    buffer_init(&text, APPROVAL_MAX);
    buffer_printf(&text, HEADER " %s\n", approval->origin);
    if (!canon_write(line_of(&arena, approval), APPROVAL_MAX, &text, err)) {
        return false;
    }
    buffer_add_byte(&text, '\n');
    buffer_add(ret, text.data, text.length);
    buffer_add_byte(ret, '\n');
    return signature_line_sign(signer, text.data, text.length, ret, err);
}

/* Reading -------------------------------------------------------------------------------------- */

static bool read_head(const struct canon *head, struct approval *ret)
{
    int64_t size = 0;

    if (head == NULL || canon_kind_of(head) != CANON_OBJECT || canon_count(head) != 2 ||
        !canon_get_int(head, "size", &size) || !canon_get_sha256(head, "root", &ret->root)) {
        return false;
    }
    ret->size = (uint64_t)size;
    return size >= 1;
}

static bool read_instant(const struct canon *line, const char *member, struct instant *ret)
{
    const char *text = canon_get_text(line, member);
    return text != NULL && instant_parse(text, ret);
}

static bool is_word(const char *text)
{
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz-");
    return length > 0 && length <= APPROVAL_WORD_MAX && text[length] == '\0';
}

static bool read_members(const struct canon *line, struct approval *ret)
{
    const char *nonce = canon_get_text(line, "nonce");
    int64_t of_seq = 0;
    struct error ignored;

    ret->actor = canon_get_text(line, "actor");
    ret->decision = canon_get_text(line, "decision");
    ret->reason = canon_get_text(line, "reason");
    if (canon_kind_of(line) != CANON_OBJECT ||
        canon_count(line) != MEMBERS + (ret->reason == NULL ? 0U : 1U)) {
        return false;
    }
    if (ret->actor == NULL || !staff_code_is_valid(ret->actor) || ret->decision == NULL ||
        !is_word(ret->decision) || nonce == NULL || !uuid_from_hex(nonce, &ret->nonce, &ignored) ||
        !canon_get_int(line, "of_seq", &of_seq) || of_seq < 0) {
        return false;
    }
    ret->of_seq = (uint64_t)of_seq;
    return canon_get_fen(line, "amount_minor", &ret->amount) && money_is_positive(ret->amount) &&
           canon_get_sha256(line, "of_leaf", &ret->of_leaf) && read_instant(line, "at", &ret->at) &&
           read_instant(line, "expires", &ret->expires) && read_head(canon_get(line, "cp"), ret);
}

/* Header and line, and nothing else. */
static bool read_text(struct arena *arena, const struct note *note, struct approval *ret,
                      struct error *err)
{
    struct line_reader lines;
    struct span field;
    struct span line;
    struct canon *value = NULL;
    struct error why;
    char origin[KEY_NAME_MAX];

    line_reader_init(&lines, note->text, note->length);
    if (!line_next_field(&lines, HEADER, &field) || !span_copy(field, origin, sizeof origin) ||
        !origin_is_valid(origin)) {
        return malformed(_("it does not begin as one"), err);
    }
    ret->origin = arena_text(arena, origin);
    if (!line_next(&lines, &line) || !line_at_end(&lines)) {
        return malformed(_("it is not one line of content"), err);
    }
    if (!canon_read(arena, line.start, line.length, APPROVAL_MAX, &value, &why)) {
        return malformed(why.text, err);
    }
    return read_members(value, ret) ||
           malformed(_("it lacks a member, has one too many, or one is malformed"), err);
}

/* One line, under the name that the actor has in this book. */
static bool read_signature(const struct note *note, struct approval *ret, struct error *err)
{
    const struct note_signature *line = &note->signature[0];
    char name[KEY_NAME_MAX + 1];

    if (note->signatures != 1 || line->length != sizeof ret->signature) {
        return malformed(_("it is not signed with exactly one line"), err);
    }
    if (!key_name_of_staff(ret->origin, ret->actor, name) || !span_is(line->name, name)) {
        return malformed(_("it is signed under another name than that of the actor"), err);
    }
    memcpy(ret->key_name, name, sizeof ret->key_name);
    memcpy(ret->signature, line->bytes, sizeof ret->signature);
    ret->key_id = line->key_id;
    return true;
}

bool approval_read(struct arena *arena, const char *bytes, size_t length, struct approval *ret,
                   struct error *err)
{
    struct note note;
    struct error why;

    *ret = (struct approval){0};
    if (length > APPROVAL_MAX) {
        return malformed(_("it is too long"), err);
    }
    const char *copy = arena_text_n(arena, bytes, length);
    if (!note_parse(copy, length, &note, &why)) {
        return malformed(why.text, err);
    }
    ret->text = note.text;
    ret->text_length = note.length;
    return read_text(arena, &note, ret, err) && read_signature(&note, ret, err);
}

bool approval_signed_by(const struct approval *approval, const struct verifier_key *key)
{
    return key->type == KEY_TYPE_ED25519 && key->id == approval->key_id &&
           text_equal(key->name, approval->key_name) &&
           crypto_sign_verify_detached(approval->signature, (const unsigned char *)approval->text,
                                       approval->text_length, key->public_key) == 0;
}

/* In an event ---------------------------------------------------------------------------------- */

bool approval_in(struct arena *arena, const struct canon *in, bool *ret_found, struct approval *ret,
                 struct error *err)
{
    const struct canon *lines = canon_get(in, "approval");
    AUTO_BUFFER bytes;

    buffer_init(&bytes, APPROVAL_MAX);
    *ret_found = lines != NULL;
    if (lines == NULL) {
        return true;
    }
    if (!note_of_lines(lines, &bytes)) {
        return malformed(_("it is not an array of lines"), err);
    }
    return approval_read(arena, bytes.data, bytes.length, ret, err);
}

bool approval_of_event(struct arena *arena, const struct event *event, struct approval *ret)
{
    const struct canon *in = canon_get(event->body, "in");
    struct error ignored;
    bool found = false;

    return in != NULL && canon_kind_of(in) == CANON_OBJECT &&
           approval_in(arena, in, &found, ret, &ignored) && found;
}
