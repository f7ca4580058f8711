#include "ledger/audit/predecessor.h"

#include <stdio.h>

#include "ledger/audit/visit.h"
#include "ledger/base/text.h"

void predecessor_release(struct predecessor *predecessor)
{
    buffer_release(&predecessor->note);
}

static void begin(struct predecessor *ret)
{
    *ret = (struct predecessor){0};
    buffer_init(&ret->note, PREDECESSOR_NOTE_MAX);
}

/* Whose head the note is. */
static bool take_head(struct predecessor *ret, struct error *err)
{
    struct note note;
    struct checkpoint head;

    if (ret->note.overflowed || ret->note.data == NULL ||
        !checkpoint_read(ret->note.data, ret->note.length, &note, &head, err)) {
        return false;
    }
    if (!origin_is_valid(head.origin)) {
        return error_set(err, FAULT_INPUT, "book.origin", _("“%s” is not an origin"), head.origin);
    }
    (void)snprintf(ret->origin, sizeof ret->origin, "%.*s", TRUST_CARD_ORIGIN_MAX, head.origin);
    ret->size = head.size;
    ret->root = head.root;
    ret->present = true;
    return true;
}

bool predecessor_is_signed(const struct predecessor *predecessor, const struct trust_card *card,
                           struct error *err)
{
    struct note note;
    struct error why;
    uint64_t signed_by = 0;
    const struct verifier_key *key[TRUST_CARD_BEFORE_MAX + 1] = {&card->log};

    for (size_t i = 0; i < card->befores; i++) {
        key[i + 1] = &card->before[i];
    }
    if (!text_equal(card->origin, predecessor->origin)) {
        return error_set(err, FAULT_INPUT, "E_TRUST",
                         _("the card of the predecessor is of %s, and this log continues %s"),
                         card->origin, predecessor->origin);
    }
    return (note_parse(predecessor->note.data, predecessor->note.length, &note, &why) &&
            note_open(&note, key, card->befores + 1, &signed_by, &why)) ||
           error_set(err, FAULT_INTEGRITY, "E_CPSIG",
                     _("the log key of %s has not signed the head after which this log continues"),
                     predecessor->origin);
}

static bool refuse(const char *fact, struct error *err)
{
    error_set(err, FAULT_INPUT, "book.predecessor",
              _("this is not the last known head of the log on the card: %s"), fact);
    return error_next(err, _("give a checkpoint of the old log that a witness, an auditor or "
                             "somebody who signed in it has kept, the newest there is"));
}

bool predecessor_take(const struct trust_card *card, const char *bytes, size_t length,
                      struct predecessor *ret, struct error *err)
{
    struct error why = {0};
    struct span head = visit_head(bytes, length);

    begin(ret);
    buffer_add(&ret->note, head.start, head.length);
    if (!take_head(ret, &why)) {
        return refuse(ret->note.overflowed ? _("it is too long") : why.text, err);
    }
    if (ret->size == 0) {
        return refuse(_("it is of an empty log"), err);
    }
    return predecessor_is_signed(ret, card, &why) || refuse(why.text, err);
}

struct canon *predecessor_record(const struct predecessor *predecessor, struct arena *arena)
{
    struct canon *record = canon_object(arena);
    struct canon *lines = canon_array(arena);
    struct line_reader reader;
    struct span line;

    line_reader_init(&reader, predecessor->note.data, predecessor->note.length);
    while (line_next(&reader, &line)) {
        canon_add_text(lines, arena_text_n(arena, line.start, line.length));
    }
    canon_set(record, "note", lines);
    canon_set_text(record, "origin", predecessor->origin);
    canon_set_sha256(record, "root", &predecessor->root);
    canon_set_int(record, "size", (int64_t)predecessor->size);
    return record;
}

static bool join(const struct canon *lines, struct buffer *ret)
{
    bool ok = lines != NULL && canon_kind_of(lines) == CANON_ARRAY;
    for (size_t i = 0; ok && i < canon_count(lines); i++) {
        const char *line = canon_as_text(canon_at(lines, i));
        ok = line != NULL;
        if (ok) {
            buffer_add_text(ret, line);
            buffer_add_byte(ret, '\n');
        }
    }
    return ok;
}

bool predecessor_read(const struct canon *genesis, const char *origin, struct predecessor *ret)
{
    const struct canon *named = canon_get(genesis, "predecessor");
    const char *old = named == NULL ? NULL : canon_get_text(named, "origin");
    struct sha256 root;
    struct error ignored;
    int64_t size = 0;

    begin(ret);
    return named == NULL ||
           (canon_kind_of(named) == CANON_OBJECT && join(canon_get(named, "note"), &ret->note) &&
            take_head(ret, &ignored) && old != NULL && text_equal(old, ret->origin) &&
            canon_get_int(named, "size", &size) && size > 0 && (uint64_t)size == ret->size &&
            canon_get_sha256(named, "root", &root) && sha256_equal(&root, &ret->root) &&
            !text_equal(old, origin));
}
