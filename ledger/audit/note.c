#include "ledger/audit/note.h"

#include "ledger/base/digest.h"
#include "ledger/base/text.h"

#include <assert.h>
#include <string.h>

#define DASH "\xe2\x80\x94 "
#define DASH_LENGTH 4
#define ED25519_SIZE 64

static bool refuse_note(const char *fact, struct error *err)
{
    return error_set(err, FAULT_INPUT, "note.malformed", _("this is not a signed note: %s"), fact);
}

static bool bytes_are_text(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)bytes[i] < 0x20 && bytes[i] != '\n') {
            return false;
        }
    }
    return text_is_utf8(bytes, length);
}

static bool is_space(uint32_t code_point)
{
    return code_point == 0x20 || code_point == 0x85 || code_point == 0xa0 || code_point == 0x1680 ||
           (code_point >= 0x2000 && code_point <= 0x200a) || code_point == 0x2028 ||
           code_point == 0x2029 || code_point == 0x202f || code_point == 0x205f ||
           code_point == 0x3000;
}

static bool name_is_valid(struct span name)
{
    size_t at = 0;
    while (at < name.length) {
        uint32_t code_point = 0;
        if (!text_next_code_point(name.start, name.length, &at, &code_point) ||
            is_space(code_point) || code_point == '+') {
            return false;
        }
    }
    return name.length > 0;
}

static bool signature_parse(struct span line, struct note_signature *ret)
{
    if (line.length <= DASH_LENGTH || memcmp(line.start, DASH, DASH_LENGTH) != 0) {
        return false;
    }
    const char *name = line.start + DASH_LENGTH;
    size_t rest = line.length - DASH_LENGTH;
    const char *space = memchr(name, ' ', rest);
    if (space == NULL) {
        return false;
    }
    uint8_t bytes[NOTE_SIGNATURE_MAX];
    size_t length = 0;
    size_t name_length = (size_t)(space - name);
    if (!base64_parse(space + 1, rest - name_length - 1, bytes, sizeof bytes, &length) ||
        length <= 4) {
        return false;
    }
    *ret = (struct note_signature){
        .line = line,
        .name = {name, name_length},
        .key_id = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
                  (uint32_t)bytes[3],
        .length = length - 4,
    };
    memcpy(ret->bytes, bytes + 4,
           ret->length < sizeof ret->bytes ? ret->length : sizeof ret->bytes);
    return name_is_valid(ret->name);
}

/* The text ends at the last empty line. Gives the length of the text, 0 if there is no such line.
 */
static size_t text_end(const char *bytes, size_t length)
{
    for (size_t i = length; i >= 2; i--) {
        if (bytes[i - 1] == '\n' && bytes[i - 2] == '\n') {
            return i - 1;
        }
    }
    return 0;
}

bool note_parse(const char *bytes, size_t length, struct note *ret, struct error *err)
{
    if (length > NOTE_MAX) {
        return refuse_note(_("it is too long"), err);
    }
    if (!bytes_are_text(bytes, length)) {
        return refuse_note(_("it holds bytes that are not text"), err);
    }
    ret->text = bytes;
    ret->length = text_end(bytes, length);
    ret->signatures = 0;
    if (ret->length == 0) {
        return refuse_note(_("no empty line parts text and signatures"), err);
    }
    struct line_reader lines;
    line_reader_init(&lines, bytes + ret->length + 1, length - ret->length - 1);
    struct span line;
    while (line_next(&lines, &line)) {
        if (ret->signatures == NOTE_SIGNATURES_MAX) {
            return refuse_note(_("it has too many signature lines"), err);
        }
        if (!signature_parse(line, &ret->signature[ret->signatures])) {
            return refuse_note(_("a line behind the text is no signature line"), err);
        }
        ret->signatures++;
    }
    if (!line_at_end(&lines) || ret->signatures == 0) {
        return refuse_note(_("it does not end with a whole signature line"), err);
    }
    return true;
}

static bool signature_is_by(const struct note_signature *signature, const struct verifier_key *key)
{
    return signature->key_id == key->id && span_is(signature->name, key->name);
}

const struct note_signature *note_signature_by(const struct note *note,
                                               const struct verifier_key *key)
{
    for (size_t i = 0; i < note->signatures; i++) {
        if (signature_is_by(&note->signature[i], key)) {
            return &note->signature[i];
        }
    }
    return NULL;
}

bool note_signature_holds(const struct note *note, const struct note_signature *signature,
                          const struct verifier_key *key)
{
    if (!signature_is_by(signature, key)) {
        return false;
    }
    if (key->type == KEY_TYPE_COSIGNATURE) {
        int64_t time = 0;
        return signature->length == COSIGNATURE_SIZE &&
               cosignature_holds(key, note->text, note->length, signature->bytes, &time);
    }
    digest_start();
    return key->type == KEY_TYPE_ED25519 && signature->length == ED25519_SIZE &&
           crypto_sign_verify_detached(signature->bytes, (const unsigned char *)note->text,
                                       note->length, key->public_key) == 0;
}

/* The number of the key that this line names; `keys` if none does. */
static size_t key_of(const struct note_signature *signature, const struct verifier_key *const *key,
                     size_t keys)
{
    size_t i = 0;
    while (i < keys && !signature_is_by(signature, key[i])) {
        i++;
    }
    return i;
}

static bool keys_differ(const struct verifier_key *const *key, size_t keys)
{
    for (size_t i = 0; i < keys; i++) {
        for (size_t j = 0; j < i; j++) {
            if (key[i]->id == key[j]->id && text_equal(key[i]->name, key[j]->name)) {
                return false;
            }
        }
    }
    return true;
}

bool note_open(const struct note *note, const struct verifier_key *const *key, size_t keys,
               uint64_t *ret_signed, struct error *err)
{
    assert(keys <= NOTE_KEYS_MAX);
    if (!keys_differ(key, keys)) {
        return error_set(err, FAULT_INPUT, "note.two-keys",
                         _("two of the known keys have the same name and id"));
    }
    uint64_t signed_by = 0;
    for (size_t i = 0; i < note->signatures; i++) {
        const struct note_signature *signature = &note->signature[i];
        size_t k = key_of(signature, key, keys);
        if (k == keys) {
            continue;
        }
        if ((signed_by >> k & 1) != 0) {
            return error_set(err, FAULT_INTEGRITY, "note.doubled-signature",
                             _("the note has two signature lines of %s"), key[k]->name);
        }
        if (!note_signature_holds(note, signature, key[k])) {
            return error_set(err, FAULT_INTEGRITY, "note.signature",
                             _("the signature of %s does not fit the note"), key[k]->name);
        }
        signed_by |= UINT64_C(1) << k;
    }
    if (signed_by == 0) {
        return error_set(err, FAULT_INTEGRITY, "note.no-known-signature",
                         _("no known key has signed the note"));
    }
    *ret_signed = signed_by;
    return true;
}

void note_make(const char *text, size_t length, const struct signing_key *const *key, size_t keys,
               struct buffer *ret)
{
    assert(length > 0 && text[length - 1] == '\n');
    buffer_add(ret, text, length);
    buffer_add_byte(ret, '\n');
    for (size_t i = 0; i < keys; i++) {
        signature_line_add(key[i], text, length, ret);
    }
}

struct canon *note_lines(struct arena *arena, const char *bytes, size_t length)
{
    struct canon *list = canon_array(arena);
    struct line_reader lines;
    struct span line;

    line_reader_init(&lines, bytes, length);
    while (line_next(&lines, &line)) {
        canon_add_text(list, arena_text_n(arena, line.start, line.length));
    }
    return list;
}

bool note_of_lines(const struct canon *lines, struct buffer *ret)
{
    return lines != NULL && canon_join_lines(lines, ret) && canon_count(lines) > 0;
}
