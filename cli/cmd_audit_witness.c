/* cmd_audit_witness.c - heads go out to a witness, cosignatures come back; and the witness itself.
 */
#include "cli/acting.h"
#include "cli/agent_key.h"
#include "cli/audit_runs.h"
#include "cli/audit_trust.h"
#include "cli/input_file.h"
#include "cli/passphrase.h"
#include "cli/service/emergency_report.h"
#include "cli/service/exchange.h"
#include "cli/service/witness_desk.h"
#include "ledger/base/clock.h"
#include "ledger/base/text.h"

#include <inttypes.h>
#include <string.h>

#define FINDINGS_TOLD 20

const struct option audit_checkpoint_options[AUDIT_CHECKPOINT_OPTIONS] = {
    {"action", OPTION_CHOICE, true, "export|import",
     N_("write the newest head for a witness, or take in its answer"), true},
    {"since-witness", OPTION_FLAG, false, NULL,
     N_("export: from the head that was cosigned last; else from the first event"), false},
    {"from", OPTION_INT, false, "SIZE", N_("export: from the size the witness says it has seen"),
     false},
    {"report", OPTION_FILE, false, "FILE",
     N_("export: where the duties given in an emergency are reported to the bureau; a page for "
        "printing if it ends in .html"),
     false},
    {"card", OPTION_FILE, false, "FILE", N_("import: the trust card, which names the witnesses"),
     false},
    {"request", OPTION_FILE, false, "FILE", N_("import: the file that was exported"), false},
    {"answer", OPTION_FILE, false, "FILE", N_("import: the line that the witness printed"), false},
};

const struct option audit_witness_options[AUDIT_WITNESS_OPTIONS] = {
    {"key", OPTION_FILE, true, "FILE", N_("key of the witness"), false},
    {"state", OPTION_FILE, true, "FILE", N_("what the witness has seen; belongs to the key"),
     false},
    {"card", OPTION_FILE, false, "FILE", N_("the trust card of the log"), false},
    {"request", OPTION_FILE, false, "FILE", N_("what `audit checkpoint export` wrote"), false},
    {"mirror", OPTION_FILE, false, "DIR",
     N_("be a mirror, with a key of that name: verify this export in full, and sign only what is "
        "proven"),
     false},
    {"new", OPTION_TEXT, false, "NAME", N_("make key and memory under this name instead"), false},
    {"origin", OPTION_TEXT, false, "ORIGIN", N_("with --new: the log that is to be watched"),
     false},
    AGENT_KEY_OPTIONS,
};

/* An option that the chosen way of working cannot do without. */
static bool needed(const struct invocation *invocation, const char *name, const char **ret,
                   struct error *err)
{
    const struct option_value *value = invocation_value(invocation, name);

    *ret = value->text;
    return value->given ||
           error_set(err, FAULT_USAGE, "usage.option-missing", _("--%s is missing"), name);
}

/* A file named by such an option, read whole. */
static bool needed_file(const struct invocation *invocation, const char *name, struct buffer *ret,
                        struct error *err)
{
    const char *path = NULL;
    return needed(invocation, name, &path, err) && input_file_read(path, ret, err);
}

static bool needed_card(const struct invocation *invocation, struct trust_card *ret,
                        struct error *err)
{
    const char *path = NULL;
    return needed(invocation, "card", &path, err) &&
           trust_card_file_read(invocation->arena, path, ret, err);
}

static bool text_ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    return length >= strlen(end) && text_equal(text + length - strlen(end), end);
}

/* Duties given in an emergency (S12) ------------------------------------------------------------
 */

static const struct column emergency_columns[] = {
    {"event", N_("event"), "事件", CELL_INT, false},
    {"at", N_("at"), "时间", CELL_TEXT, false},
    {"signed_by", N_("signed by"), "签署人", CELL_TEXT, false},
    {"staff", N_("staff"), "人员", CELL_TEXT, false},
    {"role", N_("role"), "岗位", CELL_WORD, false},
    {"until", N_("until"), "截止", CELL_TEXT, false},
    {"reason", N_("reason"), "原因", CELL_TEXT, false},
};

static void add_emergency(void *context, const struct emergency *emergency)
{
    struct table *table = context;

    if (table_is_full(table)) { /* more than one every four hours for 900 years */
        return;
    }
    struct cell *cell = table_add_row(table);
    cell[0] = cell_int((int64_t)emergency->seq);
    cell[1] = cell_text(table, emergency->at);
    cell[2] = cell_text(table, emergency->signers);
    cell[3] = cell_text(table, emergency->code);
    cell[4] = word_of_role(table, emergency->role);
    cell[5] = cell_text(table, emergency->until);
    cell[6] = cell_text(table, emergency->reason == NULL ? "" : emergency->reason);
}

/* No head leaves for the bureau without them: what nobody has witnessed is told with it. */
static bool report_emergencies(const struct invocation *invocation, struct office *office,
                               struct error *err)
{
    const struct option_value *path = invocation_value(invocation, "report");
    struct globals globals = *invocation->globals;
    struct invocation to_file = *invocation;
    struct table table;

    table_init(&table, invocation->arena, "emergencies", emergency_columns,
               COUNT_OF(emergency_columns), office->day);
    table.title_en = "Duties given in an emergency, not yet witnessed";
    table.title_zh = "尚未经见证的应急授权";
    if (!emergencies_tell(office, add_emergency, &table, err)) {
        return false;
    }
    if (path->given) {
        to_file.globals = &globals;
        globals.out = path->text;
        globals.format = text_ends_with(path->text, ".html") ? FORMAT_HTML : globals.format;
        return output_table(&to_file, &table, err);
    }
    if (table.rows == 0) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "witness.report",
              _("%zu duties were given in an emergency, and the bureau is told of them with the "
                "next head"),
              table.rows);
    return error_next(err, _("name the file of the report with --report, and hand it over too"));
}

static bool run_export(const struct invocation *invocation, struct error *err)
{
    const struct option_value *from = invocation_value(invocation, "from");
    uint64_t old_size = from->given ? (uint64_t)from->number : 0;
    uint64_t size = 0;
    AUTO_OFFICE office = {0};
    AUTO_BUFFER body;

    buffer_init(&body, WITNESS_REQUEST_MAX);
    if (!office_open(invocation->globals->book, STORE_READ_ONLY, &office, err) ||
        (invocation_value(invocation, "since-witness")->given && !from->given &&
         !witness_last_size(&office, &old_size, err)) ||
        !witness_request_make(&office, old_size, &body, &size, err) ||
        !report_emergencies(invocation, &office, err) ||
        !output_text(invocation, body.data, body.length, err)) {
        return false;
    }
    output_note(_("from %" PRIu64 " to %" PRIu64 " events"), old_size, size);
    return true;
}

static bool run_import(const struct invocation *invocation, struct error *err)
{
    struct trust_card card;
    struct canon *request = NULL;
    AUTO_OFFICE office = {0};
    AUTO_BUFFER sent;
    AUTO_BUFFER answer;

    buffer_init(&sent, WITNESS_REQUEST_MAX);
    buffer_init(&answer, CHECKPOINT_NOTE_MAX);
    return needed_card(invocation, &card, err) && needed_file(invocation, "request", &sent, err) &&
           needed_file(invocation, "answer", &answer, err) && desk_open(invocation, &office, err) &&
           cosign_request_make(&office, &card, &sent, &answer, clock_now().seconds, &request,
                               err) &&
           desk_act(invocation, &office, "witness.cosign", request, err);
}

bool audit_run_checkpoint(const struct invocation *invocation, struct error *err)
{
    return text_equal(invocation_value(invocation, "action")->text, "export")
               ? run_export(invocation, err)
               : run_import(invocation, err);
}

static bool make_key(const struct invocation *invocation, const struct witness_files *files,
                     const char *origin, char ret_vkey[static VKEY_TEXT_MAX], struct error *err)
{
    const char *name = invocation_value(invocation, "new")->text;
    struct passphrase_source source = desk_passphrase(invocation);
    char *passphrase = origin_is_demo(name) ? NULL : source.ask(source.context, name);
    bool made = witness_desk_create(files, name, origin, passphrase, ret_vkey, err);
    passphrase_wipe(passphrase);
    return made;
}

static bool run_new(const struct invocation *invocation, const struct witness_files *files,
                    struct error *err)
{
    const char *origin = NULL;
    const uint8_t *in_agent = NULL;
    char vkey[VKEY_TEXT_MAX];
    struct result result;

    if (!needed(invocation, "origin", &origin, err) ||
        !agent_key_chosen(invocation, &in_agent, err) ||
        !(in_agent == NULL ? make_key(invocation, files, origin, vkey, err)
                           : witness_desk_adopt(files, invocation_value(invocation, "new")->text,
                                                origin, in_agent, vkey, err))) {
        return false;
    }
    result_init(&result, invocation->arena);
    result_text(&result, "vkey", _("verifier key"), vkey);
    result_text(&result, "file", _("key file"), files->key);
    result_word(&result, "secret_in", _("secret in"), word_of_key_place,
                key_place(in_agent != NULL));
    return output_result(invocation, &result, err);
}

/* Who signs nothing says what was found. */
static void tell_findings(const struct findings *findings)
{
    for (size_t i = 0; i < findings->count && i < FINDINGS_TOLD; i++) {
        const struct finding *finding = &findings->list[i];
        if (finding->seq < 0) {
            output_note("%s: %s", finding->code, finding->text);
        } else {
            output_note(_("%s at event %lld: %s"), finding->code, (long long)finding->seq,
                        finding->text);
        }
    }
}

static bool answer_as_mirror(const struct invocation *invocation, const struct witness_files *files,
                             const struct trust_card *card, const struct buffer *request,
                             struct witness_state *ret_state, struct buffer *ret_line,
                             struct error *err)
{
    struct passphrase_source source = desk_passphrase(invocation);
    struct findings findings;

    findings_init(&findings);
    bool signed_it =
        mirror_desk_answer(files, card, request, invocation_value(invocation, "mirror")->text,
                           &source, clock_now(), &findings, ret_state, ret_line, err);
    tell_findings(&findings);
    findings_release(&findings);
    return signed_it;
}

static bool answer(const struct invocation *invocation, const struct witness_files *files,
                   const struct trust_card *card, const struct buffer *request,
                   struct witness_state *ret_state, struct buffer *ret_line, struct error *err)
{
    struct passphrase_source source = desk_passphrase(invocation);

    return invocation_value(invocation, "mirror")->given
               ? answer_as_mirror(invocation, files, card, request, ret_state, ret_line, err)
               : witness_desk_answer(files, card, request, &source, clock_now().seconds, ret_state,
                                     ret_line, err);
}

bool audit_run_witness(const struct invocation *invocation, struct error *err)
{
    const struct witness_files files = {.key = invocation_value(invocation, "key")->text,
                                        .state = invocation_value(invocation, "state")->text};
    struct witness_state state;
    struct trust_card card;
    AUTO_BUFFER request;
    AUTO_BUFFER line;

    buffer_init(&request, WITNESS_REQUEST_MAX);
    buffer_init(&line, CHECKPOINT_NOTE_MAX);
    if (invocation_value(invocation, "new")->given) {
        return run_new(invocation, &files, err);
    }
    if (!needed_card(invocation, &card, err) ||
        !needed_file(invocation, "request", &request, err) ||
        !answer(invocation, &files, &card, &request, &state, &line, err) ||
        !output_text(invocation, line.data, line.length, err)) {
        return false;
    }
    output_note(invocation_value(invocation, "mirror")->given
                    ? _("verified in full: %" PRIu64 " events of %s")
                    : _("seen: %" PRIu64 " events of %s"),
                state.size, state.origin);
    return true;
}
