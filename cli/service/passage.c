/* passage.c - what the door makes of a request. */
#include "cli/service/passage.h"

#include "ledger/base/alloc.h"
#include "ledger/base/text.h"

#include <stdlib.h>

#define REQUEST_BYTES_MAX ((size_t)64 << 10)

bool passage_mac_request(struct passage *p, struct error *err)
{
    const struct privacy_keys *keys = NULL;
    AUTO_BUFFER text;

    buffer_init(&text, REQUEST_BYTES_MAX);
    if (!office_privacy_keys(p->office, &keys, err)) {
        return false;
    }
    buffer_printf(&text, "%s\n%s\n", p->use_case->type, p->options->as);
    if (!canon_write(p->asked, CANON_LINE_MAX, &text, err)) {
        return false;
    }
    p->request_mac = privacy_mac(keys, text.data, text.length);
    for (size_t i = 0; i < p->persons; i++) {
        for (size_t f = 0; f < PERSONAL_FIELDS; f++) {
            const char *value = p->person[i].field[f];
            buffer_printf(&text, "\n%zu %s", f, value == NULL ? "" : value);
        }
    }
    if (text.overflowed) {
        return error_set(err, FAULT_USAGE, "request.too-long", _("the request is too long"));
    }
    if (p->persons > 0) {
        p->persons_mac = privacy_mac(keys, text.data, text.length);
        sodium_memzero(text.data, text.length);
    }
    return true;
}

/* One person: encrypted fields in the store, subject and commitments for the request. */
static bool seclude_person(struct passage *p, const struct personal_data *data,
                           const struct personal_draw *draw, const char *relation,
                           struct canon **ret, struct error *err)
{
    struct office *office = p->office;
    const char *origin = office->facts.origin;
    const struct privacy_keys *keys = NULL;
    struct canon *person = canon_object(&office->arena);
    struct canon *commit = canon_object(&office->arena);
    char subject[SUBJECT_SIZE];

    if (!office_privacy_keys(office, &keys, err) ||
        !privacy_subject_create(office->store, keys, origin, &draw->subject, subject, err)) {
        return false;
    }
    for (size_t f = 0; f < PERSONAL_FIELDS; f++) {
        enum personal_field field = (enum personal_field)f;
        struct sha256 commitment;
        if (data->field[f] == NULL) {
            continue;
        }
        if (!privacy_put(office->store, keys, origin, subject, field, data->field[f], draw->salt[f],
                         &commitment, err)) {
            return false;
        }
        canon_set_sha256(commit, personal_field_name(field), &commitment);
    }
    canon_set_text(person, "relation", relation);
    canon_set_text(person, "subject", subject);
    canon_set(person, "commit", commit);
    *ret = person;
    return true;
}

static void draw_once(struct passage *p)
{
    if (p->draw == NULL) {
        p->draw = alloc_zeroed(p->persons, sizeof *p->draw);
        for (size_t i = 0; i < p->persons; i++) {
            personal_draw_make(&p->draw[i]);
        }
    }
}

void passage_forget_draws(struct passage *p)
{
    if (p->draw != NULL) {
        sodium_memzero(p->draw, p->persons * sizeof *p->draw);
        free(p->draw);
        p->draw = NULL;
    }
}

/* Encrypts personal data inside the transaction; only commitments enter the request. */
static bool seclude(struct passage *p, struct error *err)
{
    const struct canon *persons = canon_get(p->request, "persons");

    if (p->persons == 0) {
        return true;
    }
    draw_once(p);
    struct canon *copy = canon_copy(&p->office->arena, p->request, "persons");
    struct canon *list = canon_array(&p->office->arena);
    for (size_t i = 0; i < p->persons; i++) {
        struct canon *person = NULL;
        const char *relation = canon_get_text(canon_at(persons, i), "relation");
        if (!seclude_person(p, &p->person[i], &p->draw[i], relation, &person, err)) {
            return false;
        }
        canon_add(list, person);
    }
    canon_set(copy, "persons", list);
    p->request = copy;
    return true;
}

/* What the admins replace: the day key, or with "replace_log" the log key, and then the day key too
 * if it is not there. */
static bool load_to_recover(struct passage *p, bool replace_log, bool *ret_day, struct error *err)
{
    struct office *office = p->office;
    struct log_keys *keys = &office->log_keys;

    if (!(replace_log ? log_keys_load_what_is_there : log_keys_load_without_day)(
            office->service_folder, office->store, keys, err)) {
        return false;
    }
    *ret_day = keys->day_lost;
    if (replace_log) {
        log_keys_prepare_log(keys);
    }
    return true;
}

static bool prepare_log_keys(struct passage *p, bool recovers, bool replace_log, struct error *err)
{
    struct office *office = p->office;
    struct log_keys *keys = &office->log_keys;
    bool new_day = true;

    if (!(recovers ? load_to_recover(p, replace_log, &new_day, err)
                   : log_keys_load(office->service_folder, office->store, keys, err))) {
        return false;
    }
    if (new_day) {
        log_keys_prepare_day(keys);
    }
    return true;
}

/* Keys of the log are made by the door: which one follows is nobody's wish. Those of a draft are
 * those of the event: nothing was written since. Their files come only with the event. */
static bool make_log_keys(struct passage *p, struct error *err)
{
    struct office *office = p->office;
    struct log_keys *keys = &office->log_keys;
    char vkey[VKEY_TEXT_MAX];
    bool recovers = p->use_case->seal == SEAL_RECOVERY;
    bool replace_log = recovers && canon_get(p->request, "replace_log") != NULL;
    bool rehearsal = p->options->dry_run || p->stage == PASSAGE_DRAFT;

    if (!recovers && p->use_case->seal != SEAL_DAY_KEY) {
        return true;
    }
    if ((p->stage != PASSAGE_SIGNED && !prepare_log_keys(p, recovers, replace_log, err)) ||
        (!rehearsal && !log_keys_publish_next(office->service_folder, keys, err))) {
        return false;
    }
    struct canon *copy =
        canon_copy(&office->arena, p->request, replace_log ? "replace_log" : "day_key");
    if (keys->next_day != NULL) {
        canon_set_text(copy, "day_key", verifier_key_format(&keys->next_day->verifier, vkey));
    }
    if (replace_log) {
        canon_set_text(copy, "log_key", verifier_key_format(&keys->next_log->verifier, vkey));
        canon_set_bool(copy, "log_lost", keys->log_lost);
    }
    p->request = copy;
    return true;
}

bool passage_complete_request(struct passage *p, struct error *err)
{
    p->request = p->asked;
    return seclude(p, err) && make_log_keys(p, err);
}
