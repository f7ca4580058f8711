#include "ledger/audit/verify_heads_table.h"

#include <inttypes.h>
#include <stdio.h>

#include "ledger/audit/checks.h"
#include "ledger/audit/witness.h"
#include "ledger/base/clock.h"
#include "ledger/base/text.h"

/* V7 and V8: the end ----------------------------------------------------------------------------
 */

static void check_tail(const struct head_check *check, uint64_t events, struct findings *findings)
{
    if (check->note_size > events) {
        findings_add(findings, "E_TAIL", -1,
                     _("a head of size %" PRIu64 " is kept, but the log has only %" PRIu64
                       " events: its end was cut off"),
                     check->note_size, events);
    } else if (check->newest != events) {
        findings_add(findings, "E_TAIL", -1,
                     _("events %" PRIu64 " to %" PRIu64 " stand under no signed head"),
                     check->newest, events - 1);
    }
}

static void check_quorum(const struct head_check *check, struct findings *findings)
{
    if (witness_policy_is_met(check->policy, 0)) {
        return; /* the card asks for no witness */
    }
    if (check->witnessed_size == 0) {
        if (!CHECK_MADE(V7_QUORUM)) {
            return;
        }
        findings_add(findings, "E_QUORUM", -1,
                     _("no head was cosigned by as many witnesses as the card asks for"));
        return;
    }
    struct date seen = clock_date_in_china((struct instant){check->witnessed_time});
    int64_t age = date_days_between(seen, check->trust->today);
    if (CHECK_MADE(V7_AGE) && age > check->max_age_days) {
        findings_add(
            findings, "E_STALE", (int64_t)check->witnessed_size - 1,
            _("the newest cosigned head is %" PRId64 " days old, at most %" PRId64 " are allowed"),
            age, check->max_age_days);
    }
}

/* The card names the log key in force, or one that was replaced since it was printed. */
static void check_card_key(struct head_check *check, struct findings *findings)
{
    if (!CHECK_MADE(V0_CARD_KEY) || !check->trusted ||
        same_key(&check->trust->card->log, &check->log_key)) {
        return;
    }
    if (check->card_key_seen) {
        findings_add(findings, "E_TRUST", -1,
                     _("the trust card names a log key that the admins have replaced since: get a "
                       "new card from the county finance bureau"));
        return;
    }
    check->trusted = false;
    findings_add(findings, "E_TRUST", 0, _("the trust card does not fit this log: %s"),
                 _("the log names another log key"));
}

static void check_trust(const struct head_check *check, struct findings *findings)
{
    if (CHECK_MADE(V0_CARD_GIVEN) && check->trust->card == NULL) {
        findings_add(findings, "E_TRUST", -1, "%s",
                     check->trust->misread != NULL
                         ? check->trust->misread
                         : _("no trust card was given: whose log this is, and who must have seen "
                             "it, cannot be known from the log itself"));
    } else if (check->trusted) {
        check_quorum(check, findings);
    }
    for (size_t i = check->next_kept; CHECK_MADE(V8_ROLLBACK) && i < check->trust->kept_count;
         i++) {
        const struct kept_head *kept = &check->trust->kept[i];
        findings_add(findings, "E_ROLLBACK", -1,
                     _("%s has seen %" PRIu64 " events: the log was cut or an old copy put back"),
                     kept->name, kept->size);
    }
}

/* Names of keys with commas between; cut off where they do not fit. */
static void name_witnesses(const struct witness_policy *policy, uint64_t by, char *ret, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; policy != NULL && i < policy->witnesses; i++) {
        if ((by >> i & 1) == 0) {
            continue;
        }
        int length = snprintf(ret + used, size - used, "%s%s", used > 0 ? ", " : "",
                              policy->witness[i]->name);
        if (length < 0 || (size_t)length >= size - used) {
            return;
        }
        used += (size_t)length;
    }
}

/* Who has seen how much, and who has verified it. */
static void summarize_witnesses(const struct head_check *check, struct verify_summary *summary)
{
    const struct witness_policy *policy = check->policy;
    summary->witnessed_size = check->witnessed_size;
    summary->witnessed_time = check->witnessed_time;
    name_witnesses(policy, check->witnessed_by, summary->witnessed_by,
                   sizeof summary->witnessed_by);
    for (size_t i = 0; policy != NULL && i < policy->witnesses; i++) {
        summary->mirrors = summary->mirrors || cosigner_is_mirror(policy->witness[i]);
    }
    summary->mirrored_size = check->mirrored.size;
    summary->mirrored_time = check->mirrored.time;
    name_witnesses(policy, check->mirrored.by, summary->mirrored_by, sizeof summary->mirrored_by);
}

bool head_check_end(struct head_check *check, const struct log_source *source, uint64_t events,
                    struct findings *findings, struct verify_summary *summary, struct error *err)
{
    if (!check->note_read && !head_check_next_note(check, source, check->newest, err)) {
        return false;
    }
    if (CHECK_MADE(V7_TAIL) && events > 0) {
        check_tail(check, events, findings);
    }
    check_card_key(check, findings);
    check_trust(check, findings);
    summary->heads = check->heads;
    summary->trusted = check->trusted;
    (void)snprintf(summary->continues, sizeof summary->continues, "%s", check->continues);
    summary->continues_after = check->continues_after;
    summarize_witnesses(check, summary);
    return true;
}
