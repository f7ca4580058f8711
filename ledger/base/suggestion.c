#include "ledger/base/suggestion.h"

#include <string.h>

enum { WORD_MAX = 32, DISTANCE_MAX = 2 };

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Insertions, deletions and replacements that turn one word into the other. */
static size_t word_distance(const char *a, const char *b)
{
    size_t a_length = strlen(a);
    size_t b_length = strlen(b);
    if (a_length > WORD_MAX || b_length > WORD_MAX) {
        return WORD_MAX;
    }
    size_t row[WORD_MAX + 1];
    for (size_t j = 0; j <= b_length; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t above = row[j];
            row[j] = least(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
            diagonal = above;
        }
    }
    return row[b_length];
}

const char *suggestion_find(const char *mistyped,
                            const char *(*word_at)(const void *list, size_t i), const void *list)
{
    const char *nearest = NULL;
    size_t nearest_distance = DISTANCE_MAX + 1;
    for (size_t i = 0; word_at(list, i) != NULL; i++) {
        const char *word = word_at(list, i);
        size_t distance = word_distance(mistyped, word);
        if (distance < nearest_distance && distance < strlen(word)) {
            nearest = word;
            nearest_distance = distance;
        }
    }
    return nearest;
}
