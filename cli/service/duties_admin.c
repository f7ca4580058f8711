/* duties_admin.c - what is asked of those who sign about keys, duties and policies. */
#include "cli/service/duties.h"
#include "ledger/audit/log_keys.h"
#include "ledger/base/text.h"
#include "ledger/books/people.h"

#include <string.h>

const char *staff_code_in_key_name(const char *origin, const char *name)
{
    size_t length = strlen(origin);
    if (strncmp(name, origin, length) != 0 || strncmp(name + length, "/a/", 3) != 0) {
        return NULL;
    }
    return name + length + 3;
}

/* --- who signs (S8, S12) ------------------------------------------------------------------------
 */

static bool is_emergency(const struct deed *deed)
{
    return text_equal(deed->use_case->type, "role.grant") &&
           canon_get(deed->in, "emergency") != NULL;
}

/* Whatever the quorum of the book: what cannot be taken back is never one person's. */
static bool needs_two(const struct deed *deed)
{
    return is_emergency(deed) || text_equal(deed->use_case->type, "dispute.resolve") ||
           text_equal(deed->use_case->type, "pii.shred");
}

static void see_admin(void *context, const struct staff_grant *grant)
{
    bool *is_admin = context;
    *is_admin = *is_admin || text_equal(grant->role, role_word(ROLE_ADMIN));
}

/* Each signer is an admin at that moment; *ret counts persons, not codes. */
static bool count_admins(const struct deed *deed, size_t *ret, struct error *err)
{
    char person[EVENT_SIGNERS_MAX][STAFF_CODE_SIZE];

    *ret = 0;
    for (size_t i = 0; i < deed->signers; i++) {
        bool is_admin = false;
        bool again = false;
        if (!staff_grants_each(deed->store, deed->signer[i], deed->at, see_admin, &is_admin, err) ||
            !staff_person(deed->store, deed->signer[i], person[i], err)) {
            return false;
        }
        if (!is_admin) {
            return duty_role_missing(deed->signer[i], deed->use_case->type, ROLE_ADMIN, err);
        }
        for (size_t k = 0; k < i; k++) {
            again = again || text_equal(person[k], person[i]);
        }
        *ret += again ? 0 : 1;
    }
    return true;
}

static bool enough_admins(const struct deed *deed, struct error *err)
{
    struct control_terms terms;
    size_t admins = 0;

    if ((deed->use_case->roles & (unsigned)ROLE_ADMIN) == 0 || deed->seq == 0) {
        return true;
    }
    if (!control_terms_load(deed->store, &terms, err) || !count_admins(deed, &admins, err)) {
        return false;
    }
    int64_t wanted = terms.admin_quorum;
    if (wanted < 2 && needs_two(deed)) {
        wanted = 2;
    }
    if ((int64_t)admins >= wanted) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "duty.quorum", _("%zu admins sign “%s”"), admins,
              event_title(deed->use_case->type));
    error_limit(err, _("%lld different persons who are admins must sign"), (long long)wanted);
    return error_next(err, _("name the others with --with"));
}

/* Whose keys, duties or kin a control event is about; "" if it is about nobody. */
static bool subject_of(const struct deed *deed, char ret[static STAFF_CODE_SIZE], struct error *err)
{
    const char *code = canon_get_text(deed->in, "actor");
    const char *person = canon_get_text(deed->in, "person");
    const char *vkey = canon_get_text(deed->in, "vkey");
    struct verifier_key key;

    ret[0] = '\0';
    if (text_equal(deed->use_case->type, "book.genesis")) {
        return true;
    }
    if (code == NULL && vkey != NULL) {
        if (!verifier_key_parse(vkey, &key, err)) {
            return false;
        }
        code = staff_code_in_key_name(deed->origin, key.name);
    }
    if (text_equal(deed->use_case->type, "key.add") && person != NULL) {
        code = person;
    }
    return code == NULL || staff_person(deed->store, code, ret, err);
}

static bool not_about_oneself(const struct deed *deed, struct error *err)
{
    char subject[STAFF_CODE_SIZE];
    char person[STAFF_CODE_SIZE];

    if (!deed->use_case->control || (deed->use_case->roles & (unsigned)ROLE_ADMIN) == 0) {
        return true;
    }
    if (!subject_of(deed, subject, err)) {
        return false;
    }
    for (size_t i = 0; subject[0] != '\0' && i < deed->signers; i++) {
        if (!staff_person(deed->store, deed->signer[i], person, err)) {
            return false;
        }
        if (text_equal(person, subject)) {
            error_set(err, FAULT_REFUSED, "duty.own-key",
                      _("“%s” would decide on the own keys or duties"), deed->signer[i]);
            return error_next(err, _("let the other admins sign"));
        }
    }
    return true;
}

/* --- duties that are never one person's ---------------------------------------------------------
 */

#define AT_THE_BANK                                                                                \
    ((unsigned)ROLE_CLERK | (unsigned)ROLE_APPROVER | (unsigned)ROLE_MANAGER |                     \
     (unsigned)ROLE_RISK_OFFICER)

/* With which others a duty does not go together (audit-log.md 4.13, "may not"). */
static unsigned apart_from(enum role role)
{
    switch (role) {
    case ROLE_CLERK:
    case ROLE_APPROVER:
        return (unsigned)ROLE_ADMIN | (unsigned)ROLE_BUREAU_OFFICER | (unsigned)ROLE_AUDITOR;
    case ROLE_MANAGER:
    case ROLE_RISK_OFFICER:
        return (unsigned)ROLE_BUREAU_OFFICER | (unsigned)ROLE_AUDITOR;
    case ROLE_BUREAU_OFFICER:
        return AT_THE_BANK | (unsigned)ROLE_AUDITOR;
    case ROLE_ADMIN:
        return (unsigned)ROLE_CLERK | (unsigned)ROLE_APPROVER | (unsigned)ROLE_AUDITOR;
    case ROLE_AUDITOR:
        return AT_THE_BANK | (unsigned)ROLE_BUREAU_OFFICER | (unsigned)ROLE_ADMIN;
    }
    return 0;
}

static void gather_role(void *context, const struct staff_grant *grant)
{
    unsigned *held = context;
    enum role role;
    if (role_find(grant->role, &role)) {
        *held |= (unsigned)role;
    }
}

static bool duties_go_together(const struct deed *deed, struct error *err)
{
    char person[STAFF_CODE_SIZE];
    const char *word = canon_get_text(deed->in, "role");
    unsigned held = 0;
    enum role role;

    if (!text_equal(deed->use_case->type, "role.grant") &&
        !text_equal(deed->use_case->type, "key.add")) {
        return true;
    }
    if (word == NULL || !role_find(word, &role)) {
        return request_malformed("role", err);
    }
    if (!subject_of(deed, person, err) ||
        !person_grants_each(deed->store, person, deed->at, gather_role, &held, err)) {
        return false;
    }
    unsigned conflict = held & apart_from(role);
    if (conflict == 0) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "duty.apart", _("“%s” cannot be %s as well as %s"), person,
              role_title(role), role_title((enum role)(conflict & (~conflict + 1U))));
    return error_next(err, _("give one of the two duties to another person"));
}

/* --- after a lost day key (audit-log.md 4.12) ---------------------------------------------------
 */

static bool recovery_is_seen(const struct deed *deed, struct error *err)
{
    bool unseen = false;
    uint64_t seq = 0;

    if ((deed->use_case->roles & (unsigned)ROLE_ADMIN) != 0 ||
        text_equal(deed->use_case->type, "witness.cosign")) {
        return true;
    }
    if (!key_recovery_unseen(deed->store, &unseen, &seq, err)) {
        return false;
    }
    if (!unseen) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "duty.recovery",
              _("a key of the log was lost and replaced by event %llu, and no witness has seen the "
                "log since"),
              (unsigned long long)seq);
    return error_next(err, _("take the newest head to a witness with `yicang audit checkpoint`"));
}

bool admins_allow(const struct deed *deed, struct error *err)
{
    return recovery_is_seen(deed, err) && enough_admins(deed, err) &&
           not_about_oneself(deed, err) && duties_go_together(deed, err);
}
