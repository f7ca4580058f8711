/* plan_people.c - who works here: first keys, duties, kin. What becomes of keys: plan_keys.c. */
#include "cli/service/control_plans.h"
#include "cli/service/duties.h"
#include "ledger/base/text.h"
#include "ledger/books/people.h"
#include "ledger/loans/household.h"

#include <sodium.h>
#include <string.h>

/* --- duties as requests and events give them ----------------------------------------------------
 */

static bool role_is_known(const char *word, struct error *err)
{
    enum role role;
    if (word != NULL && role_find(word, &role)) {
        return true;
    }
    error_set(err, FAULT_USAGE, "staff.role", _("“%s” is not a role"), word == NULL ? "" : word);
    return error_limit(err, "clerk, approver, manager, risk-officer, bureau-officer, admin, "
                            "auditor");
}

/* Limits of a request; false if one is malformed. */
static bool limits_read(const struct canon *in, struct staff_grant *ret)
{
    ret->has_limit = canon_get(in, "limit_fen") != NULL;
    ret->has_day_limit = canon_get(in, "day_limit_fen") != NULL;
    return (!ret->has_limit ||
            (canon_get_fen(in, "limit_fen", &ret->limit) && !money_is_negative(ret->limit))) &&
           (!ret->has_day_limit || (canon_get_fen(in, "day_limit_fen", &ret->day_limit) &&
                                    !money_is_negative(ret->day_limit)));
}

struct role_search {
    const char *role;
    bool any, held;
};

static void look_at_grant(void *context, const struct staff_grant *grant)
{
    struct role_search *search = context;
    search->any = true;
    search->held = search->held || text_equal(grant->role, search->role);
}

static bool role_held(struct store *store, const char *code, const char *role, struct instant at,
                      bool *ret, struct error *err)
{
    struct role_search search = {.role = role};
    bool ok = staff_grants_each(store, code, at, look_at_grant, &search, err);
    *ret = search.held;
    return ok;
}

static bool held_already(const char *code, const char *role, struct error *err)
{
    error_set(err, FAULT_REFUSED, "staff.role-held", _("“%s” has the role %s already"), code, role);
    return error_next(err, _("to change its limits, revoke it first with `yicang staff revoke`"));
}

static bool unknown_person(const char *code, struct error *err)
{
    error_set(err, FAULT_REFUSED, "staff.unknown", _("nobody works here as “%s”"), code);
    return error_next(err, _("add the person with `yicang staff add`"));
}

/* --- keys ---------------------------------------------------------------------------------------
 */

static bool proof_holds(const struct planning *planning, const struct verifier_key *key,
                        const char *vkey, const char *proof)
{
    uint8_t signature[64];
    size_t length = 0;
    const char *text =
        arena_printf(planning->arena, "ledger-pop/v1 %s\n%s\n", planning->origin, vkey);

    return base64_parse(proof, strlen(proof), signature, sizeof signature, &length) &&
           length == sizeof signature &&
           crypto_sign_verify_detached(signature, (const uint8_t *)text, strlen(text),
                                       key->public_key) == 0;
}

/* "person": under which code this human being is known already. */
static bool person_agrees(struct planning *planning, const struct canon *request, const char *actor,
                          struct error *err)
{
    const char *person = canon_get_text(request, "person");
    char first[STAFF_CODE_SIZE];
    char now[STAFF_CODE_SIZE];
    bool known = false;
    bool actor_known = false;

    if (person == NULL) {
        return true;
    }
    if (!staff_is_known(planning->store, person, &known, err) ||
        !staff_is_known(planning->store, actor, &actor_known, err) ||
        !staff_person(planning->store, person, first, err) ||
        !staff_person(planning->store, actor, now, err)) {
        return false;
    }
    if (!known) {
        return unknown_person(person, err);
    }
    if (actor_known && !text_equal(first, now)) {
        error_set(err, FAULT_REFUSED, "staff.person",
                  _("“%s” is known as another person than “%s”"), actor, person);
        return error_next(err, _("give this person a new staff code"));
    }
    return true;
}

bool key_is_new(struct planning *planning, const char *actor, const char *vkey, const char *proof,
                struct error *err)
{
    struct verifier_key key;
    char wanted[KEY_NAME_MAX + 1];
    enum key_standing standing = KEY_UNKNOWN;

    if (!verifier_key_parse(vkey, &key, err)) {
        return false;
    }
    if (!key_name_of_staff(planning->origin, actor, wanted) || !text_equal(wanted, key.name)) {
        error_set(err, FAULT_REFUSED, "key.wrong-name", _("the key is named %s"), key.name);
        return error_limit(err, _("a key of “%s” in this book is named %s"), actor, wanted);
    }
    if (!staff_key_standing(planning->store, vkey, NULL, &standing, err)) {
        return false;
    }
    if (standing != KEY_UNKNOWN) {
        return error_set(err, FAULT_REFUSED, "key.registered", _("this key is registered already"));
    }
    if (!proof_holds(planning, &key, vkey, proof)) {
        error_set(err, FAULT_REFUSED, "key.proof",
                  _("the proof of possession was not made with this key for this book"));
        return error_next(err, _("take both from what `yicang key show` prints"));
    }
    return true;
}

bool plan_key_add(struct planning *planning, const struct canon *request, struct error *err)
{
    const char *actor = canon_get_text(request, "actor");
    const char *vkey = canon_get_text(request, "vkey");
    const char *proof = canon_get_text(request, "pop");
    const char *role = canon_get_text(request, "role");
    struct staff_grant grant = {0};
    bool held = false;

    if (actor == NULL || vkey == NULL || proof == NULL ||
        canon_get_text(request, "office") == NULL || !limits_read(request, &grant)) {
        return request_malformed("actor, vkey, pop, office, limit_fen, day_limit_fen", err);
    }
    if (!role_is_known(role, err) || !key_is_new(planning, actor, vkey, proof, err) ||
        !person_agrees(planning, request, actor, err) ||
        !role_held(planning->store, actor, role, planning->at, &held, err)) {
        return false;
    }
    return !(held && (grant.has_limit || grant.has_day_limit)) || held_already(actor, role, err);
}

/* Another key of somebody who has the role already changes nothing about the role. */
bool project_key_add(const struct projection *p, struct error *err)
{
    const char *code = canon_get_text(p->in, "actor");
    const char *role = canon_get_text(p->in, "role");
    const char *office = canon_get_text(p->in, "office");
    const char *vkey = canon_get_text(p->in, "vkey");
    const char *other = canon_get_text(p->in, "person");
    struct staff_grant grant = {.role = role};
    char person[STAFF_CODE_SIZE];
    bool held = false;

    if (code == NULL || role == NULL || office == NULL || vkey == NULL ||
        !limits_read(p->in, &grant)) {
        return event_malformed("actor, role, office, vkey", err);
    }
    return staff_person(p->store, other == NULL ? code : other, person, err) &&
           staff_put(p->store, p->seq, code, person, office, p->day, err) &&
           role_held(p->store, code, role, p->at, &held, err) &&
           (held || staff_role_put(p->store, p->seq, code, &grant, err)) &&
           staff_key_put(p->store, p->seq, code, vkey, NULL, err);
}

/* --- duties -------------------------------------------------------------------------------------
 */

static bool emergency_is_valid(const struct canon *request, struct error *err)
{
    const struct canon *emergency = canon_get(request, "emergency");
    bool on = false;

    if (emergency == NULL) {
        return true;
    }
    if (!canon_get_bool(request, "emergency", &on) || !on ||
        canon_get_text(request, "reason") == NULL) {
        error_set(err, FAULT_USAGE, "staff.emergency", _("an emergency needs a reason"));
        return error_next(err, _("say it with --reason"));
    }
    return true;
}

bool plan_role_grant(struct planning *planning, const struct canon *request, struct error *err)
{
    const char *actor = canon_get_text(request, "actor");
    const char *role = canon_get_text(request, "role");
    struct staff_grant grant = {0};
    bool known = false;
    bool held = false;

    if (actor == NULL || !limits_read(request, &grant)) {
        return request_malformed("actor, limit_fen, day_limit_fen", err);
    }
    if (!role_is_known(role, err) || !emergency_is_valid(request, err) ||
        !staff_is_known(planning->store, actor, &known, err) ||
        !role_held(planning->store, actor, role, planning->at, &held, err)) {
        return false;
    }
    if (!known) {
        return unknown_person(actor, err);
    }
    return !held || held_already(actor, role, err);
}

bool project_role_grant(const struct projection *p, struct error *err)
{
    const char *code = canon_get_text(p->in, "actor");
    struct staff_grant grant = {.role = canon_get_text(p->in, "role")};

    if (code == NULL || grant.role == NULL || !limits_read(p->in, &grant)) {
        return event_malformed("actor, role", err);
    }
    if (canon_get(p->in, "emergency") != NULL) {
        grant.has_until = true;
        grant.until.seconds = p->at.seconds + EMERGENCY_SECONDS;
    }
    return staff_role_put(p->store, p->seq, code, &grant, err);
}

bool plan_role_revoke(struct planning *planning, const struct canon *request, struct error *err)
{
    const char *actor = canon_get_text(request, "actor");
    const char *role = canon_get_text(request, "role");
    bool held = false;

    if (actor == NULL || canon_get_text(request, "reason") == NULL) {
        return request_malformed("actor, reason", err);
    }
    if (!role_is_known(role, err) ||
        !role_held(planning->store, actor, role, planning->at, &held, err)) {
        return false;
    }
    if (!held) {
        error_set(err, FAULT_REFUSED, "staff.role-not-held", _("“%s” does not have the role %s"),
                  actor, role);
        return error_next(err, _("`yicang staff list` shows who has which"));
    }
    return true;
}

bool project_role_revoke(const struct projection *p, struct error *err)
{
    const char *code = canon_get_text(p->in, "actor");
    const char *role = canon_get_text(p->in, "role");

    if (code == NULL || role == NULL) {
        return event_malformed("actor, role", err);
    }
    return staff_role_end(p->store, p->seq, code, role, err);
}

/* --- kin ----------------------------------------------------------------------------------------
 */

bool plan_staff_relate(struct planning *planning, const struct canon *request, struct error *err)
{
    const char *actor = canon_get_text(request, "actor");
    char person[STAFF_CODE_SIZE];
    int64_t household = 0;
    bool known = false;

    if (actor == NULL || !canon_get_int(request, "household", &household)) {
        return request_malformed("actor, household", err);
    }
    if (!staff_is_known(planning->store, actor, &known, err)) {
        return false;
    }
    if (!known) {
        return unknown_person(actor, err);
    }
    if (!household_exists(planning->store, household, err) ||
        !staff_person(planning->store, actor, person, err) ||
        !staff_relative_is(planning->store, person, household, &known, err)) {
        return false;
    }
    return !known ||
           error_set(err, FAULT_REFUSED, "staff.related",
                     _("this is known of “%s” and H%lld already"), actor, (long long)household);
}

bool project_staff_relate(const struct projection *p, struct error *err)
{
    const char *actor = canon_get_text(p->in, "actor");
    char person[STAFF_CODE_SIZE];
    int64_t household = 0;

    if (actor == NULL || !canon_get_int(p->in, "household", &household)) {
        return event_malformed("actor, household", err);
    }
    return staff_person(p->store, actor, person, err) &&
           staff_relative_put(p->store, p->seq, person, household, err);
}
