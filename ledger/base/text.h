/* text.h - text from people: encoding, form, allowed characters; translation. Layer: base. */
#ifndef YICANG_BASE_TEXT_H
#define YICANG_BASE_TEXT_H

#include "ledger/base/arena.h"
#include "ledger/base/attributes.h"
#include "ledger/base/error.h"

#include <libintl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The name gettext's own tools look for. NOLINTNEXTLINE(bugprone-reserved-identifier) */
#define _(message) gettext(message)
#define N_(message) message /* marks a message that is translated where it is shown */

/* Reads one code point at text[*at]; moves *at past it. False at malformed UTF-8. */
MUST_CHECK bool text_next_code_point(const char *text, size_t length, size_t *at, uint32_t *ret);
bool text_is_utf8(const char *text, size_t length);
size_t text_code_points(const char *text); /* of valid UTF-8 */

/* Whether an auditor can see this code point on a screen: no control, bidirectional, zero-width or
 * noncharacter code points (audit-log.md C5). */
bool text_is_visible_code_point(uint32_t code_point);

/* Whether valid UTF-8 is in NFC: what looks the same is then written the same way. */
bool text_is_nfc(const char *text, size_t length);

/* Free text from a person (a name, a purpose, a reason), made fit for storing: valid UTF-8, put in
 * NFC, spaces trimmed at both ends, 1 to max_code_points visible characters. Reason ids text.empty,
 * text.not-utf8, text.invisible, text.too-long. `what` names the field in messages. */
MUST_CHECK bool text_accept(struct arena *arena, const char *what, const char *text,
                            size_t max_code_points, const char **ret, struct error *err);

/* Bytes of a bank's file to UTF-8: GB18030 decoded strictly, never guessed, never transliterated.
 * Reason id text.not-gb18030. ret is NUL-terminated and lives in the arena. */
MUST_CHECK bool text_from_gb18030(struct arena *arena, const char *bytes, size_t length,
                                  const char **ret, struct error *err);

/* Whether the catalogue in use is Chinese: for texts that bring both languages along. */
bool text_language_is_chinese(void);

/* A word of ours (a status, a kind of entry): machines read the name, people their language. */
struct word {
    const char *name; /* stable: "non-accrual" */
    const char *en;
    const char *zh;
};
/* The word of that name in the language in use, or the name itself. */
const char *word_tell(const struct word *words, size_t count, const char *name);

/* Most words that differ do so in the first byte, and most comparisons are with other words. */
static inline bool text_equal(const char *a, const char *b)
{
    return a[0] == b[0] && strcmp(a, b) == 0;
}
bool text_starts_with(const char *text, const char *prefix);

/* Decimal integer, optional '-', no leading zeros, whole text; for options and files. Reason ids
 * number.format, number.range. */
MUST_CHECK bool text_parse_int(const char *text, int64_t min, int64_t max, int64_t *ret,
                               struct error *err);

#endif
