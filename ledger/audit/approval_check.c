/* approval_check.c - V3 of a detached note inside an event: whose it is and who signed it. */
#include "ledger/audit/approval.h"
#include "ledger/audit/checks.h"
#include "ledger/base/text.h"

#include <inttypes.h>

static void tell(const struct event *event, const struct approval *approval,
                 const struct registry *registry, struct findings *findings)
{
    int64_t seq = (int64_t)event->seq;
    const struct verifier_key *key =
        registry_key(registry, approval->key_name, approval->key_id, event->seq);

    if (!text_equal(approval->origin, event->origin)) {
        findings_add(findings, "E_ORIGIN", seq, _("carries an approval of the book %s"),
                     approval->origin);
    } else if (key == NULL) {
        findings_add(findings, "E_SIGNER", seq,
                     _("carries an approval by the key %08" PRIx32 " of %s, which is not "
                       "registered, or not any more"),
                     approval->key_id, approval->key_name);
    } else if (!approval_signed_by(approval, key)) {
        findings_add(findings, "E_SIG", seq,
                     _("carries an approval whose signature does not hold"));
    }
}

void approval_check(const struct registry *registry, const struct event *event, struct arena *arena,
                    struct findings *findings)
{
    const struct canon *in = canon_get(event->body, "in");
    struct approval approval;
    struct error why = {0};
    bool found = false;

    if (!CHECK_MADE(V3_APPROVAL) || in == NULL || canon_kind_of(in) != CANON_OBJECT) {
        return;
    }
    if (!approval_in(arena, in, &found, &approval, &why)) {
        findings_add(findings, "E_LEAF", (int64_t)event->seq, "%s", why.text);
    } else if (found) {
        tell(event, &approval, registry, findings);
    }
}
