/* canon_value.h - inside of a canonical value, shared by canon.c and canon_read.c. Layer: audit. */
#ifndef YICANG_AUDIT_CANON_VALUE_H
#define YICANG_AUDIT_CANON_VALUE_H

#include "ledger/audit/canon.h"

/* Members of an object stand sorted by key, so that writing is one pass. */
struct canon {
    enum canon_kind kind;
    struct arena *arena;
    const char *text; /* CANON_TEXT */
    size_t count;
    size_t capacity;
    struct canon **item; /* items or members */
    const char **key;    /* CANON_OBJECT: one beside each member */
};

/* As canon_text() for a text that lives in the arena already. */
struct canon *canon_text_in_place(struct arena *arena, const char *text);
/* Behind the last member; the caller has checked the key's form and that it sorts there. */
void canon_append_member(struct canon *object, const char *key, struct canon *member);

/* [a-z][a-z0-9_]{0,31} */
bool canon_key_is_valid(const char *key, size_t length);

/* Bytes that stand for themselves in a string and need no look: printable ASCII but " and \. */
static inline bool canon_byte_is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
}

#endif
