#include "cli/service/control_plans.h"

#include "cli/service/duties.h"
#include "ledger/audit/log.h"
#include "ledger/audit/log_keys.h"
#include "ledger/audit/log_lookup.h"
#include "ledger/base/text.h"
#include "ledger/books/calendar.h"
#include "ledger/books/people.h"
#include "ledger/books/policy_record.h"

bool plan_book_genesis(struct planning *planning, const struct canon *request, struct error *err)
{
    (void)request;
    return planning->seq == 0 ||
           error_set(err, FAULT_REFUSED, "book.begun", _("this book has begun already"));
}

static bool project_service_keys(const struct projection *p, struct error *err)
{
    static const struct {
        const char *member;
        enum service_key_kind kind;
    } keys[] = {{"log_key", SERVICE_KEY_LOG},
                {"day_key", SERVICE_KEY_DAY},
                {"system_key", SERVICE_KEY_SYSTEM}};

    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const char *vkey = canon_get_text(p->in, keys[i].member);
        if (vkey == NULL) {
            return event_malformed(keys[i].member, err);
        }
        if (!service_key_put(p->store, p->seq, keys[i].kind, vkey, err)) {
            return false;
        }
    }
    return true;
}

static bool project_admins(const struct projection *p, const char *office, struct error *err)
{
    const struct canon *admins = canon_get(p->in, "admin_keys");
    const struct staff_grant admin = {.role = role_word(ROLE_ADMIN)};

    for (size_t i = 0; i < canon_count(admins); i++) {
        struct verifier_key key;
        const char *vkey = canon_as_text(canon_at(admins, i));
        if (vkey == NULL || !verifier_key_parse(vkey, &key, err)) {
            return event_malformed("admin_keys", err);
        }
        const char *code = staff_code_in_key_name(p->origin, key.name);
        if (code == NULL) {
            return event_malformed("admin_keys", err);
        }
        if (!staff_put(p->store, p->seq, code, code, office, p->day, err) ||
            !staff_role_put(p->store, p->seq, code, &admin, err) ||
            !staff_key_put(p->store, p->seq, code, vkey, NULL, err)) {
            return false;
        }
    }
    return true;
}

bool project_book_genesis(const struct projection *p, struct error *err)
{
    const char *name = canon_get_text(p->in, "name");
    const char *office = canon_get_text(p->in, "office");
    struct control_terms terms = {.approval_days = APPROVAL_DAYS};

    if (name == NULL || office == NULL || canon_get(p->in, "admin_keys") == NULL) {
        return event_malformed("name, office, admin_keys", err);
    }
    if (!canon_get_int(p->in, "admin_quorum", &terms.admin_quorum)) {
        return event_malformed("admin_quorum", err);
    }
    if (canon_get(p->in, "approval_days") != NULL &&
        !canon_get_int(p->in, "approval_days", &terms.approval_days)) {
        return event_malformed("approval_days", err);
    }
    return book_facts_put(p->store, p->seq, p->origin, name, p->day, err) &&
           control_terms_put(p->store, p->seq, &terms, err) && project_service_keys(p, err) &&
           project_admins(p, office, err);
}

/* A verifier key of the request under the one name that it may have. */
static bool check_service_key(const struct canon *request, const char *member, const char *wanted,
                              struct error *err)
{
    const char *vkey = canon_get_text(request, member);
    struct verifier_key key;

    if (vkey == NULL) {
        return request_malformed(member, err);
    }
    if (!verifier_key_parse(vkey, &key, err)) {
        return false;
    }
    if (!text_equal(key.name, wanted)) {
        error_set(err, FAULT_REFUSED, "key.wrong-name", _("the key is named %s"), key.name);
        return error_limit(err, _("this key of the book is named %s"), wanted);
    }
    return true;
}

bool plan_key_rotate(struct planning *planning, const struct canon *request, struct error *err)
{
    return check_service_key(request, "day_key",
                             arena_printf(planning->arena, "%s/day", planning->origin), err);
}

bool project_key_rotate(const struct projection *p, struct error *err)
{
    const char *vkey = canon_get_text(p->in, "day_key");

    return vkey == NULL ? event_malformed("day_key", err)
                        : service_key_put(p->store, p->seq, SERVICE_KEY_DAY, vkey, err);
}

/* Whether outsiders ask for witnesses: only then can one be waited for. */
static bool has_witnesses(struct planning *planning, bool *ret, struct error *err)
{
    struct event genesis;
    struct sha256 hash;

    if (!event_load(planning_log(planning), planning->arena, planning->origin, 0, &genesis, &hash,
                    err)) {
        return false;
    }
    *ret = canon_get(genesis.body, "policy_sha256") != NULL;
    return true;
}

struct search {
    const char *vkey;
    bool found;
};

static void look_for_key(void *context, const char *vkey)
{
    struct search *search = context;
    search->found = search->found || text_equal(vkey, search->vkey);
}

/* The next log key; whether the one before still signs the head over it is said, for the verifier.
 */
static bool check_next_log(struct planning *planning, const struct canon *request,
                           struct error *err)
{
    bool lost = false;
    struct search search = {canon_get_text(request, "log_key"), false};

    if (!canon_get_bool(request, "log_lost", &lost)) {
        return request_malformed("log_lost", err);
    }
    if (!check_service_key(request, "log_key", planning->origin, err) ||
        !service_keys_each(planning->store, SERVICE_KEY_LOG, look_for_key, &search, err)) {
        return false;
    }
    return !search.found ||
           error_set(err, FAULT_REFUSED, "key.known", _("this log key was in force before"));
}

bool plan_key_recover(struct planning *planning, const struct canon *request, struct error *err)
{
    bool witnesses = false;
    bool log = canon_get(request, "log_key") != NULL;
    bool day = canon_get(request, "day_key") != NULL;

    if (canon_get_text(request, "reason") == NULL) {
        return request_malformed("reason", err);
    }
    if ((log && !check_next_log(planning, request, err)) ||
        ((day || !log) && !plan_key_rotate(planning, request, err)) ||
        !has_witnesses(planning, &witnesses, err)) {
        return false;
    }
    canon_set_bool(planning->out, "awaits_witness", witnesses);
    return true;
}

bool project_key_recover(const struct projection *p, struct error *err)
{
    bool witnesses = false;
    const char *log = canon_get_text(p->in, "log_key");

    if (!canon_get_bool(p->out, "awaits_witness", &witnesses)) {
        return event_malformed("awaits_witness", err);
    }
    if (log != NULL && !service_key_put(p->store, p->seq, SERVICE_KEY_LOG, log, err)) {
        return false;
    }
    return ((log != NULL && canon_get(p->in, "day_key") == NULL) || project_key_rotate(p, err)) &&
           (!witnesses || key_recovery_put(p->store, p->seq, err));
}

bool plan_clock_adjust(struct planning *planning, const struct canon *request, struct error *err)
{
    const char *reason = canon_get_text(request, "reason");
    char now[INSTANT_TEXT_SIZE];
    char then[INSTANT_TEXT_SIZE];
    struct instant last;

    if (reason == NULL || reason[0] == '\0') {
        error_set(err, FAULT_USAGE, "clock.reason", _("why is not said"));
        return error_next(err, _("say it with --reason"));
    }
    if (!log_time_of(planning_log(planning), planning->seq - 1, &last, err)) {
        return false;
    }
    (void)instant_format(planning->at, now);
    (void)instant_format(last, then);
    if (planning->at.seconds >= last.seconds) {
        error_set(err, FAULT_REFUSED, "clock.not-behind",
                  _("the clock says %s, which is not before the last event"), now);
        return error_limit(err, _("the last event was written at %s"), then);
    }
    canon_set_text(planning->out, "old_time", then);
    canon_set_text(planning->out, "new_time", now);
    return true;
}

/* --- policies --------------------------------------------------------------------------------- */

/* The bytes of a policy from its lines. */
static bool policy_bytes(const struct canon *in, struct buffer *ret)
{
    const struct canon *lines = canon_get(in, "lines");

    return lines != NULL && canon_join_lines(lines, ret);
}

/* The genesis is event 0; the policy that comes with it is in force from the opening day. */
#define FIRST_POLICY_SEQ 1

static bool begins_later(const struct planning *planning, struct date from, struct error *err)
{
    char text[DATE_TEXT_SIZE];

    if (date_compare(from, planning->day) > 0) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "policy.from-past",
              _("a policy cannot begin on %s, a day that has begun"), date_format(from, text));
    return error_next(err, _("let it begin after the open day"));
}

static bool brings_something(const struct planning *planning, struct date from,
                             const struct sha256 *digest, struct error *err)
{
    struct sha256 current;
    bool found = false;
    char text[DATE_TEXT_SIZE];

    if (!policy_activated_on(planning->store, from, &current, &found, err)) {
        return false;
    }
    return !found || !sha256_equal(&current, digest) ||
           error_set(err, FAULT_REFUSED, "policy.in-force-already",
                     _("this very policy is the one in force on %s"), date_format(from, text));
}

static bool was_tested(const struct canon *request, struct error *err)
{
    struct sha256 tests;
    int64_t passed = 0;

    if (canon_get_sha256(request, "tests_sha256", &tests) &&
        canon_get_int(request, "tests_passed", &passed) && passed > 0) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "policy.not-tested", _("no test of the policy has passed"));
    return error_next(err, _("activate it with `yicang policy activate`, which runs its tests"));
}

bool plan_policy_set(struct planning *planning, const struct canon *request, struct error *err)
{
    AUTO_BUFFER bytes;
    struct sha256 wanted;
    struct date from;
    struct policy *policy = NULL;

    buffer_init(&bytes, POLICY_BYTES_MAX);
    if (!policy_bytes(request, &bytes) || !canon_get_sha256(request, "sha256", &wanted) ||
        !canon_get_date(request, "from", &from) || canon_get_text(request, "name") == NULL) {
        return request_malformed("lines, sha256, from, name", err);
    }
    struct sha256 found = sha256_of(bytes.data, bytes.length);
    if (!sha256_equal(&found, &wanted)) {
        return error_set(err, FAULT_REFUSED, "policy.digest",
                         _("the policy's lines do not have the digest that was given"));
    }
    if (!policy_load(canon_get_text(request, "name"), bytes.data, bytes.length, &policy, err)) {
        return false;
    }
    bool in_force = policy_is_in_force(policy, from, err);
    policy_free(policy);
    return in_force &&
           (planning->seq == FIRST_POLICY_SEQ ||
            (begins_later(planning, from, err) && brings_something(planning, from, &found, err) &&
             was_tested(request, err)));
}

bool project_policy_set(const struct projection *p, struct error *err)
{
    AUTO_BUFFER bytes;
    struct sha256 digest;
    struct date from;
    const char *name = canon_get_text(p->in, "name");

    buffer_init(&bytes, POLICY_BYTES_MAX);
    if (name == NULL || !policy_bytes(p->in, &bytes) ||
        !canon_get_sha256(p->in, "sha256", &digest) || !canon_get_date(p->in, "from", &from)) {
        return event_malformed("name, lines, sha256, from", err);
    }
    return policy_record_put(p->store, p->seq, &digest, name, &bytes, err) &&
           policy_activation_put(p->store, p->seq, from, &digest, err);
}
