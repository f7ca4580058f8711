/* canon.h - restricted canonical JSON (audit-log.md 4.2): values, writer, strict reader.
 * Layer: audit. There are no numbers and no null; integers, money and dates are text.
 * Values live in the arena they were made in. */
#ifndef YICANG_AUDIT_CANON_H
#define YICANG_AUDIT_CANON_H

#include "ledger/base/arena.h"
#include "ledger/base/buffer.h"
#include "ledger/base/date.h"
#include "ledger/base/digest.h"
#include "ledger/base/error.h"
#include "ledger/base/money.h"
#include "ledger/base/rate.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CANON_KEY_MAX 32     /* characters of a key (C3) */
#define CANON_DEPTH_MAX 8    /* nested arrays and objects (C4) */
#define CANON_LINE_MAX 60000 /* bytes of an event line (C4) */

enum canon_kind { CANON_TEXT, CANON_TRUE, CANON_FALSE, CANON_ARRAY, CANON_OBJECT };

struct canon; /* opaque: made below, read below */

struct canon *canon_object(struct arena *arena);
struct canon *canon_array(struct arena *arena);
struct canon *canon_text(struct arena *arena, const char *text);
struct canon *canon_bool(struct arena *arena, bool truth);

/* Members of an object. Keys match [a-z][a-z0-9_]{0,31} and are set once: anything else is our own
 * mistake and asserts. Order of setting does not matter; the writer sorts. Text is copied; a key is
 * not, and lives as long as the object does: a literal mostly, or it stands in the same arena. */
void canon_set(struct canon *object, const char *key, struct canon *member);
/* The same for a member that stands elsewhere too and is not changed any more. */
void canon_set_shared(struct canon *object, const char *key, const struct canon *member);
/* A new object with the same members, shared, but those whose key begins with `without` (NULL:
 * all). */
struct canon *canon_copy(struct arena *arena, const struct canon *object, const char *without);
/* Whether both would be written in the same bytes. */
bool canon_equal(const struct canon *a, const struct canon *b);
/* The same of two objects, whatever stands under keys that begin with `without`. */
bool canon_equal_without(const struct canon *a, const struct canon *b, const char *without);
void canon_set_text(struct canon *object, const char *key, const char *text);
void canon_set_int(struct canon *object, const char *key, int64_t number);
void canon_set_bool(struct canon *object, const char *key, bool truth);
void canon_set_fen(struct canon *object, const char *key, struct money amount); /* "5000000" */
void canon_set_date(struct canon *object, const char *key, struct date date);   /* "2016-10-20" */
void canon_set_rate(struct canon *object, const char *key, struct rate rate);   /* ppm: "43500" */
void canon_set_sha256(struct canon *object, const char *key, const struct sha256 *digest);
void canon_add(struct canon *array, struct canon *item);
void canon_add_shared(struct canon *array, const struct canon *item); /* likewise */
void canon_add_text(struct canon *array, const char *text);

enum canon_kind canon_kind_of(const struct canon *value);
size_t canon_count(const struct canon *value); /* members or items; 0 for the others */
const char *canon_key_at(const struct canon *object, size_t index);
const struct canon *canon_at(const struct canon *container, size_t index);
const struct canon *canon_get(const struct canon *object, const char *key); /* NULL: not there */
/* NULL unless the member is there and is text. */
const char *canon_get_text(const struct canon *object, const char *key);
const char *canon_as_text(const struct canon *value); /* NULL unless text */
/* The items of an array of texts, with a line feed behind each; false if it is none, or too long
 * for the buffer. */
MUST_CHECK bool canon_join_lines(const struct canon *array, struct buffer *ret);
/* The member as a C7 integer, date, 64-digit hash; false if missing or malformed. */
MUST_CHECK bool canon_get_int(const struct canon *object, const char *key, int64_t *ret);
MUST_CHECK bool canon_get_fen(const struct canon *object, const char *key, struct money *ret);
MUST_CHECK bool canon_get_date(const struct canon *object, const char *key, struct date *ret);
MUST_CHECK bool canon_get_rate(const struct canon *object, const char *key, struct rate *ret);
MUST_CHECK bool canon_get_bool(const struct canon *object, const char *key, bool *ret);
MUST_CHECK bool canon_get_sha256(const struct canon *object, const char *key, struct sha256 *ret);

/* Appends the canonical bytes, without a final LF. Refuses a forbidden code point, too much depth,
 * or more than line_max bytes: reason ids canon.code-point, canon.depth, canon.too-long. */
MUST_CHECK bool canon_write(const struct canon *value, size_t line_max, struct buffer *ret,
                            struct error *err);

/* Reads exactly `length` bytes; accepts only what canon_write() would write. The error names the
 * byte offset; reason id canon.malformed (or the three above). */
MUST_CHECK bool canon_read(struct arena *arena, const char *bytes, size_t length, size_t line_max,
                           struct canon **ret, struct error *err);

#endif
