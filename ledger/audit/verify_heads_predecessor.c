/* verify_heads_predecessor.c - the log that the genesis continues, against what the auditor has of
 * it. */
#include "ledger/audit/verify_heads_table.h"

#include <inttypes.h>
#include <stdio.h>

#include "ledger/audit/checks.h"
#include "ledger/audit/predecessor.h"
#include "ledger/base/text.h"

/* Whoever kept a head of the old log knows how much there was. */
static void check_kept(const struct verify_trust *trust, const struct predecessor *predecessor,
                       struct findings *findings)
{
    for (size_t i = 0; i < trust->kept_before_count; i++) {
        const struct kept_head *kept = &trust->kept_before[i];
        if (kept->size > predecessor->size) {
            findings_add(findings, "E_ROLLBACK", 0,
                         _("%s shows %" PRIu64 " events of %s, of which this log names only the "
                           "first %" PRIu64),
                         kept->name, kept->size, predecessor->origin, predecessor->size);
        } else if (kept->size == predecessor->size &&
                   !sha256_equal(&kept->root, &predecessor->root)) {
            findings_add(findings, "E_FORK", 0,
                         _("%s shows another history of the first %" PRIu64 " events of %s"),
                         kept->name, kept->size, predecessor->origin);
        }
    }
}

static bool card_says_so(const struct trust_card *card, const struct predecessor *predecessor)
{
    if (!predecessor->present) {
        return card->predecessor_origin[0] == '\0';
    }
    return text_equal(card->predecessor_origin, predecessor->origin) &&
           card->predecessor_size == predecessor->size &&
           sha256_equal(&card->predecessor_root, &predecessor->root);
}

void head_check_predecessor(struct head_check *check, const struct event *genesis,
                            struct findings *findings)
{
    const struct verify_trust *trust = check->trust;
    struct error why;
    AUTO_PREDECESSOR predecessor = {0};

    if (!CHECK_MADE(V8_PREDECESSOR) ||
        !predecessor_read(genesis->body, genesis->origin, &predecessor)) {
        return; /* told by the registry */
    }
    if (check->trusted && !card_says_so(trust->card, &predecessor)) {
        findings_add(findings, "E_TRUST", 0,
                     _("the trust card and the log differ in which log this one continues"));
    }
    if (!predecessor.present) {
        if (trust->predecessor != NULL) {
            findings_add(findings, "E_TRUST", 0, _("this log says of none that it continues it"));
        }
        return;
    }
    (void)snprintf(check->continues, sizeof check->continues, "%s", predecessor.origin);
    check->continues_after = predecessor.size;
    if (trust->predecessor == NULL) {
        return;
    }
    if (predecessor_is_signed(&predecessor, trust->predecessor, &why)) {
        check_kept(trust, &predecessor, findings);
    } else {
        findings_add(findings, why.reason, 0, "%s", why.text);
    }
}
