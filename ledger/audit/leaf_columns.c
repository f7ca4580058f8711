#include "ledger/audit/leaf_columns.h"

#include <string.h>

#include "ledger/base/text.h"

void leaf_columns_take(struct leaf_columns *columns, const struct log_leaf *leaf)
{
    columns->there = leaf->has_columns;
    columns->hash = leaf->hash;
    columns->cmd_length = leaf->cmd == NULL ? 0 : leaf->cmd_length;
    if (columns->cmd_length > 0 && columns->cmd_length <= sizeof columns->cmd) {
        memcpy(columns->cmd, leaf->cmd, columns->cmd_length);
    }
}

void leaf_columns_check(const struct leaf_columns *columns, int64_t seq, const struct sha256 *hash,
                        const struct event *event, struct findings *findings)
{
    if (!columns->there) {
        return;
    }
    if (!sha256_equal(&columns->hash, hash)) {
        findings_add(findings, "E_LEAF", seq, _("the hash kept beside it is that of other bytes"));
    }
    if (event != NULL && (columns->cmd_length != sizeof event->cmd ||
                          memcmp(columns->cmd, event->cmd.byte, columns->cmd_length) != 0)) {
        findings_add(findings, "E_LEAF", seq, _("the command id kept beside it is another"));
    }
}
