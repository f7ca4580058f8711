/* leaf_columns.h - what a book keeps beside a leaf, for the door alone: held against the leaf.
 * Layer: audit. */
#ifndef YICANG_AUDIT_LEAF_COLUMNS_H
#define YICANG_AUDIT_LEAF_COLUMNS_H

#include "ledger/audit/log_source.h"

struct leaf_columns {
    bool there; /* an export keeps nothing */
    struct sha256 hash;
    size_t cmd_length;
    uint8_t cmd[UUID_SIZE];
};

void leaf_columns_take(struct leaf_columns *columns, const struct log_leaf *leaf);
/* Adds E_LEAF where they are not those of the leaf with this hash; event: NULL if it is none. */
void leaf_columns_check(const struct leaf_columns *columns, int64_t seq, const struct sha256 *hash,
                        const struct event *event, struct findings *findings);

#endif
