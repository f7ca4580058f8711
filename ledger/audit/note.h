/* note.h - C2SP signed notes: text, an empty line, signature lines (audit-log.md 2). Layer: audit.
 * A parsed note points into the bytes it was parsed from. */
#ifndef YICANG_AUDIT_NOTE_H
#define YICANG_AUDIT_NOTE_H

#include "ledger/audit/canon.h"
#include "ledger/audit/cosignature.h"
#include "ledger/audit/key.h"
#include "ledger/audit/line_reader.h"

#define NOTE_MAX ((size_t)1 << 20)
#define NOTE_SIGNATURES_MAX 64
#define NOTE_KEYS_MAX 64        /* keys a note is opened with */
#define NOTE_SIGNATURE_MAX 4096 /* decoded bytes of one signature line */

struct note_signature {
    struct span line; /* the whole line without its LF */
    struct span name;
    uint32_t key_id;
    size_t length;                   /* bytes behind the key id */
    uint8_t bytes[COSIGNATURE_SIZE]; /* the first of them: all, for the kinds we know */
};

struct note {
    const char *text; /* the signed bytes, with their last LF */
    size_t length;
    size_t signatures;
    struct note_signature signature[NOTE_SIGNATURES_MAX];
};

/* Strict: UTF-8, no control character but LF, at least one signature line, strict base64. Says
 * nothing about who signed. Reason id note.malformed. */
MUST_CHECK bool note_parse(const char *bytes, size_t length, struct note *ret, struct error *err);

/* The line under this key's name and id, or NULL. */
const struct note_signature *note_signature_by(const struct note *note,
                                               const struct verifier_key *key);
/* Whether the line is a good signature of the note's text by this key, by the rule of its type. */
bool note_signature_holds(const struct note *note, const struct note_signature *signature,
                          const struct verifier_key *key);

/* Checks the lines of the keys given; other lines are skipped, as the specification asks. Bit i of
 * *ret_signed is set if key i has signed. Refuses the whole note if the line of a known key is bad
 * (note.signature) or doubled (note.doubled-signature), or if no known key has signed
 * (note.no-known-signature). Two keys with one name and id are our caller's mistake: note.two-keys.
 */
MUST_CHECK bool note_open(const struct note *note, const struct verifier_key *const *key,
                          size_t keys, uint64_t *ret_signed, struct error *err);

/* Text and signature lines by these keys of type 0x01, in this order. The text ends with LF. */
void note_make(const char *text, size_t length, const struct signing_key *const *key, size_t keys,
               struct buffer *ret);

/* A note as events carry it: the array of its lines. */
struct canon *note_lines(struct arena *arena, const char *bytes, size_t length);
/* Its bytes again; false if there are none, one is no line, or they do not fit. */
MUST_CHECK bool note_of_lines(const struct canon *lines, struct buffer *ret);

#endif
