/* band.h - tables of a policy: classes by days overdue, rates by term. Layer: rules.
 *
 * A table says, for every value of one kind, what belongs to it. Its bands follow each other
 * without a gap and without an overlap, from the smallest value there is to the largest; a table
 * over words has one band for each word. So a question always has exactly one answer. */
#ifndef YICANG_RULES_BAND_H
#define YICANG_RULES_BAND_H

#include "rules/parameter.h"
#include "rules/policy.h"
#include "rules/value.h"
#include "rules/yaml_tree.h"

#include <stdbool.h>
#include <stddef.h>

#define BAND_TABLES_MAX 32
#define BANDS_MAX 64 /* of one row of a table */

/* What a value of a table is: a kind, and the list for words. */
struct band_kind {
    enum value_kind kind;
    const struct word_list *words;
};

struct band {
    int64_t low; /* both ends belong to it */
    int64_t high;
    struct value value;
    const char *written; /* "from 91 days to 270 days: substandard", as in the file */
};

/* The bands in force from a date on. */
struct band_row {
    struct date from; /* first member: see dated_row_on() */
    struct clause clause;
    struct band *bands; /* ascending */
    size_t count;
};

struct band_table {
    const char *name;
    enum governing_date governed_by;
    struct band_kind of;    /* what is looked up */
    struct band_kind gives; /* what is found */
    struct band_row *rows;
    size_t count;
};

struct band_tables {
    struct band_table *tables;
    size_t count;
};

/* Reads {name: {governed_by, of, gives, values: [{from, bands: [...], clause}]}}. Reason ids
 * policy.bands (a gap, an overlap, bands out of order), policy.value, policy.order,
 * policy.missing-key, policy.unknown-key, policy.too-large. */
MUST_CHECK bool bands_read(struct arena *arena, const struct node *node, struct band_tables *ret,
                           struct error *err);
/* The row in force on the day, or NULL before the first. */
const struct band_row *band_row_on(const struct band_table *table, struct date on);
/* What belongs to the value, a number of the kind the table is of. */
struct value band_find(const struct band_row *row, int64_t number);

#endif
