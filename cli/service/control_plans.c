#include "cli/service/control_plans.h"

#include "ledger/audit/log_keys.h"
#include "ledger/base/text.h"
#include "ledger/books/calendar.h"
#include "ledger/books/people.h"
#include "ledger/books/policy_record.h"

#include <sodium.h>
#include <string.h>

bool plan_as_requested(struct planning *planning, const struct canon *request, struct error *err)
{
    (void)planning;
    (void)request;
    (void)err;
    return true;
}

/* --- people ----------------------------------------------------------------------------------- */

/* The staff code at the end of a key's name "<origin>/a/<code>"; NULL if it is not of this book. */
static const char *code_of_key(const char *origin, const struct verifier_key *key)
{
    size_t length = strlen(origin);
    if (strncmp(key->name, origin, length) != 0 || strncmp(key->name + length, "/a/", 3) != 0) {
        return NULL;
    }
    return key->name + length + 3;
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

bool project_book_genesis(const struct projection *p, struct error *err)
{
    const char *name = canon_get_text(p->in, "name");
    const char *office = canon_get_text(p->in, "office");
    const struct canon *admins = canon_get(p->in, "admin_keys");

    if (name == NULL || office == NULL || admins == NULL) {
        return event_malformed("name, office, admin_keys", err);
    }
    if (!book_facts_put(p->store, p->seq, p->origin, name, p->day, err) ||
        !project_service_keys(p, err)) {
        return false;
    }
    for (size_t i = 0; i < canon_count(admins); i++) {
        struct verifier_key key;
        const char *vkey = canon_as_text(canon_at(admins, i));
        if (vkey == NULL || !verifier_key_parse(vkey, &key, err)) {
            return event_malformed("admin_keys", err);
        }
        const char *code = code_of_key(p->origin, &key);
        if (code == NULL) {
            return event_malformed("admin_keys", err);
        }
        if (!staff_put(p->store, p->seq, code, office, p->day, err) ||
            !staff_role_put(p->store, p->seq, code, role_word(ROLE_ADMIN), err) ||
            !staff_key_put(p->store, p->seq, code, vkey, err)) {
            return false;
        }
    }
    return true;
}

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

bool plan_key_add(struct planning *planning, const struct canon *request, struct error *err)
{
    const char *actor = canon_get_text(request, "actor");
    const char *vkey = canon_get_text(request, "vkey");
    const char *proof = canon_get_text(request, "pop");
    struct verifier_key key;
    char wanted[KEY_NAME_MAX + 1];
    enum key_standing standing = KEY_UNKNOWN;

    if (actor == NULL || vkey == NULL || proof == NULL ||
        canon_get_text(request, "office") == NULL) {
        return request_malformed("actor, vkey, pop, office", err);
    }
    if (!role_is_known(canon_get_text(request, "role"), err) ||
        !verifier_key_parse(vkey, &key, err)) {
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
        return error_next(err, _("take both from what `yicang staff key` prints"));
    }
    return true;
}

bool project_key_add(const struct projection *p, struct error *err)
{
    const char *code = canon_get_text(p->in, "actor");
    const char *role = canon_get_text(p->in, "role");
    const char *office = canon_get_text(p->in, "office");
    const char *vkey = canon_get_text(p->in, "vkey");

    if (code == NULL || role == NULL || office == NULL || vkey == NULL) {
        return event_malformed("actor, role, office, vkey", err);
    }
    return staff_put(p->store, p->seq, code, office, p->day, err) &&
           staff_role_put(p->store, p->seq, code, role, err) &&
           staff_key_put(p->store, p->seq, code, vkey, err);
}

struct role_search {
    const char *role;
    bool person, held;
};

static void look_at_role(void *context, const char *role)
{
    struct role_search *search = context;
    search->person = true;
    search->held = search->held || text_equal(role, search->role);
}

bool plan_role_grant(struct planning *planning, const struct canon *request, struct error *err)
{
    const char *actor = canon_get_text(request, "actor");
    const char *role = canon_get_text(request, "role");
    struct role_search search = {.role = role};

    if (actor == NULL) {
        return request_malformed("actor", err);
    }
    if (!role_is_known(role, err) ||
        !staff_roles_each(planning->store, actor, look_at_role, &search, err)) {
        return false;
    }
    if (!search.person) {
        error_set(err, FAULT_REFUSED, "staff.unknown", _("nobody works here as “%s”"), actor);
        return error_next(err, _("add the person with `yicang staff add`"));
    }
    if (search.held) {
        return error_set(err, FAULT_REFUSED, "staff.role-held", _("“%s” has the role %s already"),
                         actor, role);
    }
    return true;
}

bool project_role_grant(const struct projection *p, struct error *err)
{
    const char *code = canon_get_text(p->in, "actor");
    const char *role = canon_get_text(p->in, "role");

    if (code == NULL || role == NULL) {
        return event_malformed("actor, role", err);
    }
    return staff_role_put(p->store, p->seq, code, role, err);
}

bool plan_key_revoke(struct planning *planning, const struct canon *request, struct error *err)
{
    const char *vkey = canon_get_text(request, "vkey");
    enum key_standing standing = KEY_UNKNOWN;

    if (vkey == NULL || canon_get_text(request, "reason") == NULL) {
        return request_malformed("vkey, reason", err);
    }
    if (!staff_key_standing(planning->store, vkey, NULL, &standing, err)) {
        return false;
    }
    if (standing == KEY_UNKNOWN) {
        return error_set(err, FAULT_REFUSED, "key.not-registered",
                         _("this key is not registered in this book"));
    }
    return standing == KEY_VALID ||
           error_set(err, FAULT_REFUSED, "key.revoked", _("this key is revoked"));
}

bool project_key_revoke(const struct projection *p, struct error *err)
{
    const char *vkey = canon_get_text(p->in, "vkey");
    const char *reason = canon_get_text(p->in, "reason");

    if (vkey == NULL || reason == NULL) {
        return event_malformed("vkey, reason", err);
    }
    return staff_key_revoked_put(p->store, p->seq, vkey, reason, err);
}

bool plan_key_rotate(struct planning *planning, const struct canon *request, struct error *err)
{
    const char *vkey = canon_get_text(request, "day_key");
    const char *wanted = arena_printf(planning->arena, "%s/day", planning->origin);
    struct verifier_key key;

    if (vkey == NULL) {
        return request_malformed("day_key", err);
    }
    if (!verifier_key_parse(vkey, &key, err)) {
        return false;
    }
    if (!text_equal(key.name, wanted)) {
        error_set(err, FAULT_REFUSED, "key.wrong-name", _("the key is named %s"), key.name);
        return error_limit(err, _("a day key of this book is named %s"), wanted);
    }
    return true;
}

bool project_key_rotate(const struct projection *p, struct error *err)
{
    const char *vkey = canon_get_text(p->in, "day_key");

    return vkey == NULL ? event_malformed("day_key", err)
                        : service_key_put(p->store, p->seq, SERVICE_KEY_DAY, vkey, err);
}

/* --- policies --------------------------------------------------------------------------------- */

/* The bytes of a policy from its lines. */
static bool policy_bytes(const struct canon *in, struct buffer *ret)
{
    const struct canon *lines = canon_get(in, "lines");

    if (lines == NULL || canon_kind_of(lines) != CANON_ARRAY) {
        return false;
    }
    for (size_t i = 0; i < canon_count(lines); i++) {
        const char *line = canon_as_text(canon_at(lines, i));
        if (line == NULL) {
            return false;
        }
        buffer_add_text(ret, line);
        buffer_add_byte(ret, '\n');
    }
    return !ret->overflowed;
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
