/* kept_heads.c - heads that an auditor kept from earlier visits. */
#include "ledger/audit/checkpoint.h"
#include "ledger/audit/verify.h"
#include "ledger/audit/visit.h"
#include "ledger/base/text.h"

#include <stdlib.h>

static bool refuse_kept(const char *name, const char *fact, struct error *err)
{
    return error_set(err, FAULT_INPUT, "E_TRUST", _("%s is no kept checkpoint of this log: %s"),
                     name, fact);
}

bool kept_head_read(const struct trust_card *card, const char *name, const char *bytes,
                    size_t length, struct kept_head *ret, struct error *err)
{
    struct note note;
    struct checkpoint head;
    uint64_t signed_by = 0;
    const struct verifier_key *key[TRUST_CARD_BEFORE_MAX + 1] = {&card->log};
    struct error why;
    struct span mine = visit_head(bytes, length);
    if (!checkpoint_read(mine.start, mine.length, &note, &head, &why)) {
        return refuse_kept(name, why.text, err);
    }
    if (!text_equal(head.origin, card->origin)) {
        return refuse_kept(name, _("it is of another log"), err);
    }
    for (size_t i = 0; i < card->befores; i++) {
        key[i + 1] = &card->before[i];
    }
    if (!note_open(&note, key, card->befores + 1, &signed_by, &why)) {
        return refuse_kept(name, _("the log key has not signed it"), err);
    }
    *ret = (struct kept_head){name, head.size, head.root};
    return true;
}

static int by_size(const void *left, const void *right)
{
    const struct kept_head *a = left;
    const struct kept_head *b = right;
    return (a->size > b->size) - (a->size < b->size);
}

void kept_heads_sort(struct kept_head *kept, size_t count)
{
    if (count > 0) {
        qsort(kept, count, sizeof *kept, by_size);
    }
}
