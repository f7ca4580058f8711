#include "cli/service/act.h"

#include "cli/service/duties.h"
#include "cli/service/passage.h"
#include "cli/service/project.h"
#include "cli/service/record.h"
#include "cli/service/visits.h"
#include "ledger/audit/log_lookup.h"
#include "ledger/base/text.h"
#include "ledger/books/people.h"

#include <string.h>

/* What the door adds to a body around its rows: seq, prev, cmd, digests. */
#define LINE_ROOM 2000
/* So often the text is signed while others may write; then once with the lock held, and whoever
 * asks a person then is too slow. */
#define SIGN_TRIES 3
#define SIGN_HELD_SECONDS 2
/* An event may not claim a time that is long past when it is written (audit-log.md 4.5). */
#define SIGNING_SECONDS_MAX 120

static bool open_signers(struct passage *p, struct error *err)
{
    const struct act_options *options = p->options;
    bool by_admins = (p->use_case->roles & (unsigned)ROLE_ADMIN) != 0;

    if (options->as == NULL) {
        error_set(err, FAULT_USAGE, "staff.not-named", _("who does this is not said"));
        return error_next(err, _("name yourself with --as STAFF"));
    }
    if (p->office->keys == NULL) {
        p->office->keys = key_ring_new(p->office->facts.origin);
    }
    if (!key_ring_get(p->office->keys, options->as, &options->passphrase, &p->signer[0], err)) {
        return false;
    }
    p->signers = 1;
    for (size_t i = 0; by_admins && i < options->with_count; i++) {
        if (!key_ring_get(p->office->keys, options->with[i], &options->passphrase,
                          &p->signer[p->signers], err)) {
            return false;
        }
        p->signers++;
    }
    return true;
}

static bool check_key(const struct passage *p, size_t i, struct error *err)
{
    const char *name = p->signer[i].verifier->name;
    const char *code = staff_code_in_key_name(p->office->facts.origin, name);
    char vkey[VKEY_TEXT_MAX];
    enum key_standing standing = KEY_UNKNOWN;

    if (!staff_key_standing(p->office->store, verifier_key_format(p->signer[i].verifier, vkey),
                            code, &standing, err)) {
        return false;
    }
    if (standing != KEY_VALID) {
        error_set(err, FAULT_REFUSED, "key.not-registered",
                  _("the key of “%s” is not registered in this book, or was revoked"),
                  code == NULL ? name : code);
        return error_next(err, _("an admin registers it with `yicang staff add`"));
    }
    return true;
}

static bool check_keys(const struct passage *p, struct error *err)
{
    for (size_t i = 0; i < p->signers; i++) {
        if (!check_key(p, i, err)) {
            return false;
        }
    }
    return true;
}

static bool check_day(struct passage *p, struct error *err)
{
    char open[DATE_TEXT_SIZE];
    char given[DATE_TEXT_SIZE];

    if (!open_day_load(p->office->store, &p->day, err)) {
        return false;
    }
    p->office->day = p->day;
    if (p->options->has_date && date_compare(p->options->date, p->day) != 0) {
        error_set(err, FAULT_REFUSED, "date.not-open", _("%s is not the open business day"),
                  date_format(p->options->date, given));
        error_limit(err, _("open is %s"), date_format(p->day, open));
        return error_next(err, _("close days with `yicang day close`, or leave out --date"));
    }
    return true;
}

/* Before anybody signs: the log is what each of them saw last, with more behind it. */
static bool look_back(const struct passage *p, struct error *err)
{
    for (size_t i = 0; i < p->signers; i++) {
        const char *name = p->signer[i].verifier->name;
        const char *code = staff_code_in_key_name(p->office->facts.origin, name);
        if (code != NULL && !visitor_looks_back(p->office, code, p->options->warn, err)) {
            return false;
        }
    }
    return true;
}

/* Whether the command id was used before; if so, whether for the same. */
static bool find_command(struct passage *p, uint64_t *ret_seq, bool *ret_found, struct error *err)
{
    struct sha256 mac = {{0}};

    if (!command_find_request(p->office->store, &p->options->command, ret_found, &mac, ret_seq,
                              err)) {
        return false;
    }
    bool same = sha256_equal(&mac, &p->request_mac);
    if (*ret_found && same && p->persons > 0 &&
        !privacy_request_is(p->office->store, &p->options->command, &p->persons_mac, &same, err)) {
        return false;
    }
    if (*ret_found && !same) {
        char hex[UUID_HEX_SIZE];
        error_set(err, FAULT_REFUSED, "command-id.other-request",
                  _("the command id %s was used for another request (event %llu)"),
                  uuid_to_hex(&p->options->command, hex), (unsigned long long)*ret_seq);
        return error_next(err, _("repeat the first request unchanged, or take a new command id"));
    }
    return true;
}

static bool answer_again(struct passage *p, uint64_t seq, struct act_result *ret, struct error *err)
{
    struct event event;

    ret->seq = seq;
    ret->repeated = true;
    if (!event_load(p->office->store, &p->office->arena, p->office->facts.origin, seq, &event,
                    &ret->leaf_hash, err)) {
        return false;
    }
    ret->body = event.body;
    return true;
}

static bool make_plan(struct passage *p, struct error *err)
{
    struct office *office = p->office;

    planning_release(&p->planning); /* of the draft */
    p->planning = (struct planning){.store = office->store,
                                    .policies = office->policies,
                                    .origin = office->facts.origin,
                                    .actor = p->options->as,
                                    .role = p->planning.role,
                                    .roles = p->planning.roles,
                                    .day = p->day,
                                    .seq = office->tip.size,
                                    .at = p->at,
                                    .helpers = office->helpers};
    planning_init(&p->planning, &office->arena);
    return p->use_case->plan(&p->planning, p->request, err);
}

/* S1 to S12, with the tables as they stand before the event (duties.h). */
static bool check_duties(const struct passage *p, struct error *err)
{
    struct deed deed = {.store = p->office->store,
                        .arena = &p->office->arena,
                        .use_case = p->use_case,
                        .origin = p->office->facts.origin,
                        .actor = p->options->as,
                        .role = p->planning.role,
                        .signers = p->signers,
                        .day = p->day,
                        .at = p->at,
                        .seq = p->planning.seq,
                        .in = p->request,
                        .out = p->planning.out};

    for (size_t i = 0; i < p->signers; i++) {
        deed.signer[i] = staff_code_in_key_name(deed.origin, p->signer[i].verifier->name);
    }
    return duties_allow(&deed, err);
}

/* Rows go into the line if they fit, else beside it. */
static bool place_rows(struct passage *p, struct error *err)
{
    struct arena *arena = &p->office->arena;
    const struct buffer *rows = &p->planning.rows;
    struct canon *inside = NULL;
    AUTO_BUFFER line = {0};

    if (p->planning.rows_count == 0) {
        return true;
    }
    buffer_init(&line, CANON_LINE_MAX);
    /* In the line each has a comma behind it instead of the LF. */
    p->rows_beside = rows->length + LINE_ROOM > CANON_LINE_MAX ||
                     !canon_write(p->body, CANON_LINE_MAX, &line, err) ||
                     rows->length + line.length + LINE_ROOM > CANON_LINE_MAX;
    if (p->rows_beside) {
        return true;
    }
    if (!rows_read(arena, rows, &inside, err)) {
        return false;
    }
    canon_set(p->body, "rows", inside);
    return true;
}

static bool keep_persons_mac(const struct passage *p, struct error *err)
{
    const struct canon *first = canon_at(canon_get(p->request, "persons"), 0);

    return privacy_request_put(p->office->store, &p->options->command,
                               canon_get_text(first, "subject"), &p->persons_mac, err);
}

static struct event_draft draft_of(const struct passage *p)
{
    struct event_draft draft = {
        .type = p->use_case->type,
        .actor = p->options->as,
        .role = role_word(p->planning.role),
        .at = p->at,
        .cmd = p->options->command,
        .body = p->body,
        .signers = p->signers,
        .signing = p->stage == PASSAGE_SIGNED ? &p->signing : NULL,
        .sign_seconds = SIGN_HELD_SECONDS,
        .rows = p->rows_beside ? &p->planning.rows : NULL,
        .rows_count = p->rows_beside ? p->planning.rows_count : 0,
        .rows_sha256 = p->planning.rows_hashed ? &p->planning.rows_sha256 : NULL,
    };
    memcpy(draft.signer, p->signer, sizeof draft.signer);
    return draft;
}

static bool append(struct passage *p, struct log_tip *ret_tip, struct error *err)
{
    struct office *office = p->office;
    struct recording recording;
    struct event_draft draft = draft_of(p);

    bool ok = event_record_begin(office, p->use_case, &draft, &recording, err) &&
              command_request_put(office->store, &p->options->command, &p->request_mac,
                                  p->planning.seq, err) &&
              (p->persons == 0 || keep_persons_mac(p, err)) &&
              open_day_load(office->store, &p->day_after, err);
    *ret_tip = recording.tip;
    return event_record_end(&recording, ok, err);
}

/* The text of the event if it were written now. */
static bool keep_draft(struct passage *p, struct error *err)
{
    struct event_draft draft = draft_of(p);

    p->drafted_after = p->office->tip;
    buffer_clear(&p->signing.text);
    return log_draft_text(p->office->store, p->office->facts.origin, &draft, &p->signing.text, err);
}

/* Whether what was signed may still be written. */
static bool check_signed(struct passage *p, struct error *err)
{
    p->overtaken = p->office->tip.size != p->drafted_after.size;
    if (p->overtaken) {
        error_set(err, FAULT_REFUSED, "agent.overtaken",
                  _("others wrote into the book while the ssh-agent was asked"));
        return error_next(err, _("give the command again"));
    }
    if (clock_now().seconds - p->at.seconds > SIGNING_SECONDS_MAX) {
        error_set(err, FAULT_REFUSED, "agent.too-late",
                  _("so much time went by until all had signed that the event would bear an old "
                    "time"));
        error_limit(err, _("at most %d seconds"), SIGNING_SECONDS_MAX);
        return error_next(err, _("give the command again"));
    }
    return true;
}

/* The time of the event is that of its draft. */
static bool check_actor(struct passage *p, struct error *err)
{
    if (p->stage == PASSAGE_SIGNED) {
        if (!check_signed(p, err)) {
            return false;
        }
    } else {
        p->at = clock_now();
    }
    return duties_role(p->office->store, p->options->as, p->use_case, p->at, &p->planning.role,
                       &p->planning.roles, err) &&
           check_keys(p, err) && check_day(p, err);
}

/* What happens inside the transaction; *ret_tip is the new tip if something was appended. */
static bool pass(struct passage *p, struct act_result *ret, struct log_tip *ret_tip,
                 struct error *err)
{
    uint64_t seq = 0;
    bool found = false;

    if (!log_tip_follow(p->office->store, &p->office->tip, err) || !look_back(p, err) ||
        !passage_mac_request(p, err) || !find_command(p, &seq, &found, err)) {
        return false;
    }
    *ret_tip = p->office->tip;
    if (found) {
        return answer_again(p, seq, ret, err);
    }
    if (!check_actor(p, err) || !passage_complete_request(p, err) || !make_plan(p, err) ||
        !check_duties(p, err)) {
        return false;
    }
    p->body = planned_body(p->use_case, &p->planning, p->request);
    ret->seq = p->planning.seq;
    ret->body = p->body;
    if (!place_rows(p, err)) {
        return false;
    }
    ret->dry_run = p->options->dry_run;
    if (ret->dry_run) {
        return true;
    }
    if (p->stage == PASSAGE_DRAFT) {
        return keep_draft(p, err);
    }
    if (!append(p, ret_tip, err)) {
        return false;
    }
    ret->leaf_hash = ret_tip->leaf_hash;
    return true;
}

static bool pass_in_transaction(struct passage *p, struct act_result *ret, struct error *err)
{
    AUTO_TRANSACTION transaction = {0};
    struct log_tip tip;

    if (!office_tip_settle(p->office, p->use_case->project_row != NULL, err) ||
        !transaction_begin(p->office->store, &transaction, err) || !pass(p, ret, &tip, err)) {
        return false;
    }
    if (ret->repeated) {
        transaction_release(&transaction);
        /* Whoever was killed before the head was written is answered only now. */
        return office_tip_keep(p->office, err);
    }
    if (ret->dry_run || p->stage == PASSAGE_DRAFT) {
        return true; /* nothing to keep: the transaction rolls back */
    }
    if (!transaction_commit(&transaction, err)) {
        return false;
    }
    p->office->tip = tip;
    p->office->day = p->day_after;
    p->office->visits_due = true;
    log_keys_turn(p->office->service_folder, &p->office->log_keys);
    return office_tip_keep(p->office, err);
}

/* Between the draft and the event, without a lock. */
static bool sign_draft(struct passage *p, struct error *err)
{
    struct event_draft draft = draft_of(p);

    return log_draft_sign(&draft, &p->signing, err);
}

static bool asks_an_agent(const struct passage *p)
{
    bool asks = false;

    for (size_t i = 0; i < p->signers; i++) {
        asks = asks || p->signer[i].key == NULL;
    }
    return asks;
}

static bool draft_sign_and_write(struct passage *p, struct act_result *ret, struct error *err)
{
    p->overtaken = false;
    p->stage = PASSAGE_DRAFT;
    if (!pass_in_transaction(p, ret, err)) {
        return false;
    }
    if (ret->repeated) {
        return true;
    }
    if (!sign_draft(p, err)) {
        return false;
    }
    p->stage = PASSAGE_SIGNED;
    return pass_in_transaction(p, ret, err);
}

static bool through_the_door(struct passage *p, struct act_result *ret, struct error *err)
{
    struct error held;

    p->stage = PASSAGE_WHOLE;
    if (!asks_an_agent(p) || p->options->dry_run) {
        return pass_in_transaction(p, ret, err);
    }
    for (int tries = 0; tries < SIGN_TRIES; tries++) {
        if (draft_sign_and_write(p, ret, err)) {
            return true;
        }
        if (!p->overtaken) {
            return false;
        }
    }
    p->stage = PASSAGE_WHOLE;
    if (pass_in_transaction(p, ret, &held)) {
        return true;
    }
    if (!text_equal(held.reason, "agent.timeout")) {
        *err = held; /* else it was too slow for the lock, and too slow without it */
    }
    return false;
}

bool act_with_persons(struct office *office, const struct act_options *options, const char *type,
                      const struct canon *request, const struct personal_data *person,
                      size_t persons, struct act_result *ret, struct error *err)
{
    struct passage passage = {.office = office,
                              .options = options,
                              .use_case = use_case_find(type),
                              .asked = request,
                              .person = person,
                              .persons = persons};

    *ret = (struct act_result){0};
    if (passage.use_case == NULL) {
        return error_set(err, FAULT_INTERNAL, "event.unknown-type", _("there is no event “%s”"),
                         type);
    }
    if (!open_signers(&passage, err)) {
        return false;
    }
    buffer_init(&passage.signing.text, LEAF_MAX);
    bool ok = through_the_door(&passage, ret, err);
    log_keys_drop_next(office->service_folder, &office->log_keys);
    planning_release(&passage.planning);
    buffer_release(&passage.signing.text);
    passage_forget_draws(&passage);
    return ok;
}

bool act(struct office *office, const struct act_options *options, const char *type,
         const struct canon *request, struct act_result *ret, struct error *err)
{
    return act_with_persons(office, options, type, request, NULL, 0, ret, err);
}
