#include "cli/service/seal.h"

#include "ledger/audit/checkpoint.h"
#include "ledger/audit/checkpoint_store.h"
#include "ledger/base/text.h"

#include <assert.h>

static void sign(void *context)
{
    struct seal_line *line = context;
    signature_line_add(line->key, line->text->data, line->text->length, &line->line);
}

static void add_line(struct sealing *sealing, const struct signing_key *key)
{
    struct seal_line *line = &sealing->line[sealing->lines++];

    line->key = key;
    line->text = &sealing->text;
    buffer_init(&line->line, SIGNATURE_LINE_MAX);
    line->task = (struct pool_task){.run = sign, .context = line};
    if (sealing->helpers != NULL) {
        pool_submit(sealing->helpers, &line->task);
    }
}

/* Whether a key gives way to the next with this head. */
static bool turns(enum seal_kind kind)
{
    return kind == SEAL_DAY_KEY || kind == SEAL_RECOVERY;
}

static bool check_next(const struct office *office, enum seal_kind kind, struct error *err)
{
    const struct log_keys *keys = &office->log_keys;
    return !turns(kind) || keys->next_day != NULL || keys->next_log != NULL ||
           error_set(err, FAULT_INTERNAL, "log.key-missing", _("no key was made for the next day"));
}

bool seal_begin(struct office *office, const struct log_tip *tip, enum seal_kind kind,
                struct signature_pool *helpers, struct sealing *ret, struct error *err)
{
    const struct log_keys *keys = &office->log_keys;

    *ret = (struct sealing){.office = office, .size = tip->size, .kind = kind, .helpers = helpers};
    if (kind == SEAL_NONE) {
        return true;
    }
    /* A key that turns is in force only from the next event on. */
    if (!check_next(office, kind, err) ||
        (!turns(kind) &&
         !log_keys_load(office->service_folder, office->store, &office->log_keys, err))) {
        return false;
    }
    buffer_init(&ret->text, CHECKPOINT_NOTE_MAX);
    checkpoint_text_add(office->facts.origin, tip->size, &tip->root, &ret->text);
    if (!keys->log_lost) {
        add_line(ret, keys->log);
    }
    if (!keys->day_lost) {
        add_line(ret, keys->day);
    }
    if (turns(kind) && keys->next_log != NULL) {
        add_line(ret, keys->next_log);
    }
    if (turns(kind) && keys->next_day != NULL) {
        add_line(ret, keys->next_day);
    }
    return true;
}

static enum checkpoint_why why_of(enum seal_kind kind)
{
    switch (kind) {
    case SEAL_DAY:
        return CHECKPOINT_DAY;
    case SEAL_DAY_KEY:
    case SEAL_RECOVERY:
        return CHECKPOINT_SEAL;
    case SEAL_NONE:
    case SEAL_TIP:
        break;
    }
    return CHECKPOINT_TIP;
}

/* Text, empty line, signature lines: a signed note. */
static void gather(struct sealing *sealing, struct buffer *note)
{
    buffer_add(note, sealing->text.data, sealing->text.length);
    buffer_add_byte(note, '\n');
    for (size_t i = 0; i < sealing->lines; i++) {
        struct seal_line *line = &sealing->line[i];
        if (sealing->helpers != NULL) {
            pool_wait(sealing->helpers, &line->task);
        } else {
            sign(line);
        }
        buffer_add(note, line->line.data, line->line.length);
        assert(!line->line.overflowed);
        buffer_release(&line->line);
    }
    buffer_release(&sealing->text);
}

bool seal_end(struct sealing *sealing, bool keep, struct error *err)
{
    AUTO_BUFFER note = {0};

    if (sealing->kind == SEAL_NONE) {
        return true;
    }
    buffer_init(&note, CHECKPOINT_NOTE_MAX);
    gather(sealing, &note);
    assert(!note.overflowed);
    return keep && checkpoint_store_put(sealing->office->store, sealing->size, note.data,
                                        note.length, why_of(sealing->kind), err);
}
