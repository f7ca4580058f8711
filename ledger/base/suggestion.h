/* suggestion.h - what somebody may have meant who mistyped a word. Layer: base. */
#ifndef YICANG_BASE_SUGGESTION_H
#define YICANG_BASE_SUGGESTION_H

#include <stddef.h>

/* The word of a list that is nearest to a mistyped one, or NULL if none is near. `word_at` gives
 * the words one after another, then NULL. */
const char *suggestion_find(const char *mistyped,
                            const char *(*word_at)(const void *list, size_t i), const void *list);

#endif
