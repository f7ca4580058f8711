/* cmd_key.c - the keys with which people sign: made, shown, renewed; what a stolen one signed. */
#include "cli/acting.h"
#include "cli/agent_key.h"
#include "cli/commands.h"
#include "cli/passphrase.h"
#include "cli/service/key_renewal.h"
#include "ledger/base/text.h"

#include <string.h>

static const struct option person_options[] = {
    {"staff", OPTION_TEXT, true, "CODE", N_("staff code"), true},
};
static const struct option new_options[] = {
    {"staff", OPTION_TEXT, true, "CODE", N_("staff code"), true},
    AGENT_KEY_OPTIONS,
    {"origin", OPTION_TEXT, false, "ORIGIN",
     N_("of a book that is yet to be made: `book init` takes the keys that are there"), false},
};
static const struct option rotate_options[] = {
    {"staff", OPTION_TEXT, true, "CODE", N_("staff code"), true},
    AGENT_KEY_OPTIONS,
};
static const struct option recover_options[] = {
    {"reason", OPTION_TEXT, true, "TEXT", N_("how the key was lost or stolen"), false},
    {"replace-log", OPTION_FLAG, false, NULL,
     N_("the lasting log key, lost or stolen; with the day key if that is gone too"), false},
    {"with", OPTION_TEXT, false, "CODE,CODE", N_("further admins who sign"), false},
};
static const struct option resolve_options[] = {
    {"vkey", OPTION_TEXT, true, "VKEY", N_("the key that was revoked with --from-seq"), true},
    {"events", OPTION_TEXT, true, "EVENT,EVENT",
     N_("those that were looked at, as `audit verify` lists them"), false},
    {"outcome", OPTION_CHOICE, true, "genuine|forged",
     N_("whether the holder of the key signed them, or a thief"), false},
    {"reason", OPTION_TEXT, true, "TEXT", N_("how this was found"), false},
    {"with", OPTION_TEXT, false, "CODE,CODE", N_("further admins who sign"), false},
};

static void show_key(struct result *result, const struct new_key *key)
{
    result_text(result, "vkey", _("verifier key"), key->vkey);
    result_text(result, "pop", _("proof of possession"), key->proof);
    result_text(result, "file", _("key file"), key->path);
    result_word(result, "secret_in", _("secret in"), word_of_key_place, key_place(key->in_agent));
}

static bool say_key(const struct invocation *invocation, const struct new_key *key,
                    struct error *err)
{
    struct result result;

    result_init(&result, invocation->arena);
    show_key(&result, key);
    return output_result(invocation, &result, err);
}

/* In a file, or one of the agent, as the options say. */
static bool make_key(const struct invocation *invocation, const char *origin, struct new_key *ret,
                     struct error *err)
{
    struct passphrase_source source = desk_passphrase(invocation);
    const char *staff = invocation_value(invocation, "staff")->text;
    const uint8_t *in_agent = NULL;

    if (!agent_key_chosen(invocation, &in_agent, err)) {
        return false;
    }
    if (in_agent != NULL) {
        return staff_key_adopt(invocation->arena, origin, staff, in_agent, ret, err);
    }
    char *passphrase = origin_is_demo(origin) ? NULL : source.ask(source.context, staff);
    bool ok = staff_key_create(invocation->arena, origin, staff, passphrase, ret, err);
    passphrase_wipe(passphrase);
    return ok;
}

/* With --origin the book need not be there. */
static bool new_key_origin(const struct invocation *invocation, struct office *office,
                           const char **ret, struct error *err)
{
    const struct option_value *origin = invocation_value(invocation, "origin");

    if (!origin->given) {
        *ret = office->facts.origin;
        return desk_open(invocation, office, err);
    }
    *ret = origin->text;
    if (origin_is_valid(origin->text)) {
        return true;
    }
    error_set(err, FAULT_USAGE, "book.origin", _("“%s” is not an origin"), origin->text);
    return error_limit(err, _("domain/ledger-XXXXXXXX, with 8 hex digits"));
}

static bool run_new(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct new_key key;
    const char *origin = NULL;

    return new_key_origin(invocation, &office, &origin, err) &&
           make_key(invocation, origin, &key, err) && say_key(invocation, &key, err);
}

static bool make_or_show(const struct invocation *invocation, bool make, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct new_key key;
    struct passphrase_source source = desk_passphrase(invocation);

    return desk_open(invocation, &office, err) &&
           (make ? make_key(invocation, office.facts.origin, &key, err)
                 : staff_key_show(invocation->arena, office.facts.origin,
                                  invocation_value(invocation, "staff")->text, &source, &key,
                                  err)) &&
           say_key(invocation, &key, err) && office_close(&office, err);
}

static bool run_show(const struct invocation *invocation, struct error *err)
{
    return make_or_show(invocation, false, err);
}

bool run_staff_key(const struct invocation *invocation, struct error *err)
{
    return make_or_show(invocation, invocation_value(invocation, "new")->given, err);
}

static bool run_rotate(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct act_options options;
    struct renewal renewal;
    struct result result;
    const uint8_t *in_agent = NULL;

    desk_options(invocation, &options);
    options.as = invocation_value(invocation, "staff")->text;
    if (!desk_open(invocation, &office, err) || !agent_key_chosen(invocation, &in_agent, err) ||
        !key_renew(&office, &options, in_agent, &renewal, err)) {
        return false;
    }
    if (renewal.finished) {
        result_init(&result, invocation->arena);
    } else {
        desk_result(invocation, &office, &options, &renewal.act, &result);
    }
    show_key(&result, &renewal.key);
    return output_result(invocation, &result, err) && office_close(&office, err);
}

/* "12,15" as an array of texts; what is no number is refused by the plan. */
static struct canon *events_of(struct arena *arena, const char *text)
{
    struct canon *events = canon_array(arena);

    for (char *rest = arena_text(arena, text); rest != NULL;) {
        canon_add_text(events, strsep(&rest, ","));
    }
    return events;
}

static bool run_resolve(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};

    if (!desk_open(invocation, &office, err)) {
        return false;
    }
    struct canon *request =
        canon_copy(&office.arena, desk_request(invocation, &office.arena), "events");
    canon_set(request, "events",
              events_of(&office.arena, invocation_value(invocation, "events")->text));
    return desk_act(invocation, &office, "dispute.resolve", request, err);
}

const struct command key_commands[] = {
    {.noun = "key",
     .verb = "new",
     .run = run_new,
     .needs = NEEDS_BOOK,
     .summary = N_("make the signing key of a person"),
     .option = new_options,
     .options = COUNT_OF(new_options),
     .example = "yicang key new wang.li"},
    {.noun = "key",
     .verb = "show",
     .run = run_show,
     .needs = NEEDS_BOOK,
     .summary = N_("show the signing key of a person, with the proof that the holder has it"),
     .option = person_options,
     .options = COUNT_OF(person_options),
     .example = "yicang key show wang.li"},
    {.noun = "key",
     .verb = "rotate",
     .run = run_rotate,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("renew one's own signing key: the old one signs for the next and ends"),
     .option = rotate_options,
     .options = COUNT_OF(rotate_options),
     .example = "yicang key rotate wang.li"},
    {.noun = "key",
     .verb = "resolve",
     .run = run_resolve,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("say of events in dispute whether the holder of the key signed them; two sign"),
     .option = resolve_options,
     .options = COUNT_OF(resolve_options),
     .example = "yicang key resolve VKEY --events 12,15 --outcome genuine"
                " --reason 'confirmed on paper' --as chen.admin --with he.admin"},
    {.noun = "key",
     .verb = "recover",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary =
         N_("replace the day key of the log, or the log key; then a witness must see the log"),
     .option = recover_options,
     .options = COUNT_OF(recover_options),
     .event = "key.recover",
     .example = "yicang key recover --reason 'disk of the server failed' --as chen.admin"
                " --with he.admin"},
    {.verb = NULL},
};
