#include "ledger/audit/checkpoint.h"

#include "ledger/base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define OWN_LINES_MAX 4

static bool refuse_text(const char *fact, struct error *err)
{
    return error_set(err, FAULT_INPUT, "checkpoint.malformed", _("this is not a checkpoint: %s"),
                     fact);
}

static bool extension_is_valid(struct span extension)
{
    struct line_reader lines;
    line_reader_init(&lines, extension.start, extension.length);
    struct span line;
    while (line_next(&lines, &line)) {
        if (line.length == 0) {
            return false;
        }
    }
    return line_at_end(&lines);
}

bool checkpoint_parse(const char *text, size_t length, struct checkpoint *ret, struct error *err)
{
    struct line_reader lines;
    line_reader_init(&lines, text, length);
    struct span origin;
    struct span size;
    struct span root;
    if (!line_next(&lines, &origin) || !line_next(&lines, &size) || !line_next(&lines, &root)) {
        return refuse_text(_("it needs three lines, each with its line end"), err);
    }
    if (origin.length == 0 || !span_copy(origin, ret->origin, sizeof ret->origin)) {
        return refuse_text(_("its origin is empty or longer than 255 bytes"), err);
    }
    if (!span_decimal(size, &ret->size)) {
        return refuse_text(_("its size is not a whole number"), err);
    }
    if (!span_base64_sha256(root, &ret->root)) {
        return refuse_text(_("its root is not 32 bytes in base64"), err);
    }
    ret->extension = line_rest(&lines);
    if (!extension_is_valid(ret->extension)) {
        return refuse_text(_("a line behind the root is empty or cut off"), err);
    }
    return true;
}

bool checkpoint_read(const char *bytes, size_t length, struct note *ret_note,
                     struct checkpoint *ret, struct error *err)
{
    if (length > CHECKPOINT_NOTE_MAX) {
        return refuse_text(_("it is too long"), err);
    }
    return note_parse(bytes, length, ret_note, err) &&
           checkpoint_parse(ret_note->text, ret_note->length, ret, err);
}

void checkpoint_text_add(const char *origin, uint64_t size, const struct sha256 *root,
                         struct buffer *ret)
{
    char base64[64];
    assert(base64_size(SHA256_SIZE) <= sizeof base64);
    buffer_printf(ret, "%s\n%" PRIu64 "\n%s\n", origin, size,
                  base64_format(root->byte, SHA256_SIZE, base64));
}

void checkpoint_make(const char *origin, uint64_t size, const struct sha256 *root,
                     const struct signing_key *log, const struct signing_key *day,
                     const struct signing_key *next_day, struct buffer *ret)
{
    AUTO_BUFFER text;
    buffer_init(&text, CHECKPOINT_NOTE_MAX);
    checkpoint_text_add(origin, size, root, &text);
    const struct signing_key *key[OWN_LINES_MAX];
    const struct signing_key *const wanted[OWN_LINES_MAX] = {log, day, next_day};
    size_t keys = 0;
    for (size_t i = 0; i < OWN_LINES_MAX; i++) {
        if (wanted[i] != NULL) {
            key[keys++] = wanted[i];
        }
    }
    note_make(text.data, text.length, key, keys, ret);
}

static bool epochs_follow(const struct epoch *epoch, size_t epochs, struct error *err)
{
    bool follow = epochs > 0 && epoch[0].from == 0;
    for (size_t i = 1; i < epochs && follow; i++) {
        follow = epoch[i].from > epoch[i - 1].from;
    }
    return follow || error_set(err, FAULT_INTEGRITY, "E_EPOCH",
                               _("the day keys do not follow each other without a gap"));
}

bool epoch_signers(const struct epoch *epoch, size_t epochs, uint64_t size,
                   const struct verifier_key *log, struct checkpoint_signers *ret,
                   struct error *err)
{
    if (!epochs_follow(epoch, epochs, err)) {
        return false;
    }
    /* The last epoch that begins below this size covers it; one that begins at it is the next. */
    size_t covering = 0;
    for (size_t i = 1; i < epochs && epoch[i].from < size; i++) {
        covering = i;
    }
    bool seal = covering + 1 < epochs && epoch[covering + 1].from == size;
    *ret = (struct checkpoint_signers){
        .log = log,
        .day = &epoch[covering].day_key,
        .next_day = seal ? &epoch[covering + 1].day_key : NULL,
    };
    return true;
}

bool epochs_are_sealed(const struct epoch *epoch, size_t epochs, const uint64_t *size, size_t sizes,
                       struct error *err)
{
    if (!epochs_follow(epoch, epochs, err)) {
        return false;
    }
    size_t at = 0;
    for (size_t i = 1; i < epochs; i++) {
        while (at < sizes && size[at] < epoch[i].from) {
            at++;
        }
        if (at == sizes || size[at] != epoch[i].from) {
            return error_set(
                err, FAULT_INTEGRITY, "E_EPOCH",
                _("the seal of size %" PRIu64 " is missing: a key of the log ended there"),
                epoch[i].from);
        }
    }
    return true;
}

static bool refuse_signers(uint64_t size, const char *fact, struct error *err)
{
    return error_set(err, FAULT_INTEGRITY, "E_CPSIG", _("checkpoint of size %" PRIu64 ": %s"), size,
                     fact);
}

static bool refuse_epoch(uint64_t size, const char *fact, struct error *err)
{
    return error_set(err, FAULT_INTEGRITY, "E_EPOCH", _("checkpoint of size %" PRIu64 ": %s"), size,
                     fact);
}

/* "<origin>/day": every day key of a log has this name. */
static bool is_day_name(struct span name, const char *origin)
{
    size_t length = strlen(origin);
    return name.length == length + 4 && memcmp(name.start, origin, length) == 0 &&
           memcmp(name.start + length, "/day", 4) == 0;
}

/* The log's name or a day key's: lines that may only stand where the epoch rule puts them. */
static bool is_own_name(struct span name, const char *origin)
{
    return span_is(name, origin) || is_day_name(name, origin);
}

/* The line at *at must be that of this key. */
static bool check_own_line(const struct note *note, uint64_t size, const char *origin,
                           const struct verifier_key *key, size_t *at, struct error *err)
{
    const struct note_signature *signature = *at < note->signatures ? &note->signature[*at] : NULL;
    bool of_day = !text_equal(key->name, origin);
    bool named = signature != NULL && span_is(signature->name, key->name) &&
                 (of_day || signature->key_id == key->id);
    if (of_day && (!named || signature->key_id != key->id)) {
        return refuse_epoch(size, _("the day key in force has not signed in its place"), err);
    }
    if (!named || !note_signature_holds(note, signature, key)) {
        return refuse_signers(size, _("the line of the log key or a day key is missing or bad"),
                              err);
    }
    ++*at;
    return true;
}

static bool check_own_lines(const struct note *note, uint64_t size, const char *origin,
                            const struct checkpoint_signers *signers, struct error *err)
{
    const struct verifier_key *const wanted[OWN_LINES_MAX] = {signers->log, signers->day,
                                                              signers->next_log, signers->next_day};
    size_t at = 0;
    for (size_t i = 0; i < OWN_LINES_MAX; i++) {
        if (wanted[i] != NULL && !check_own_line(note, size, origin, wanted[i], &at, err)) {
            return false;
        }
    }
    if (at == 0) {
        return refuse_signers(size, _("no key of the log is left to check it with"), err);
    }
    for (size_t i = at; i < note->signatures; i++) {
        if (is_day_name(note->signature[i].name, origin)) {
            return refuse_epoch(size, _("a day key has signed outside its days"), err);
        }
        if (is_own_name(note->signature[i].name, origin)) {
            return refuse_signers(size, _("there is a second line of the log key"), err);
        }
    }
    return true;
}

static bool check_witnesses(const struct note *note, uint64_t size,
                            const struct verifier_key *const *witness, size_t witnesses,
                            struct checkpoint_witnessed *ret, struct error *err)
{
    assert(witnesses <= CHECKPOINT_WITNESSES_MAX);
    *ret = (struct checkpoint_witnessed){0};
    for (size_t i = 0; i < witnesses; i++) {
        const struct note_signature *signature = note_signature_by(note, witness[i]);
        if (signature != NULL) {
            ret->by |= UINT64_C(1) << i;
            ret->time[i] = cosignature_time(signature->bytes);
        }
    }
    uint64_t signed_by = 0;
    if (ret->by != 0 && !note_open(note, witness, witnesses, &signed_by, err)) {
        return refuse_signers(size, _("the line of a witness is bad or doubled"), err);
    }
    return true;
}

bool checkpoint_verify(const struct note *note, const struct checkpoint *checkpoint,
                       const char *origin, const struct checkpoint_signers *signers,
                       const struct verifier_key *const *witness, size_t witnesses,
                       struct checkpoint_witnessed *ret, struct error *err)
{
    uint64_t size = checkpoint->size;
    if (!text_equal(checkpoint->origin, origin)) {
        return refuse_signers(size, _("it is of another log"), err);
    }
    if (checkpoint->extension.length != 0) {
        return refuse_signers(size, _("it has lines that the log never writes"), err);
    }
    struct checkpoint_witnessed unused;
    return check_own_lines(note, size, origin, signers, err) &&
           check_witnesses(note, size, witness, witnesses, ret == NULL ? &unused : ret, err);
}

bool checkpoint_add_lines(const char *bytes, size_t length, const char *lines, size_t lines_length,
                          struct buffer *ret, struct error *err)
{
    AUTO_BUFFER joined;
    buffer_init(&joined, CHECKPOINT_NOTE_MAX);
    buffer_add(&joined, bytes, length);
    buffer_add(&joined, lines, lines_length);
    struct note before;
    struct note after;
    if (joined.overflowed) {
        return refuse_text(_("it is too long"), err);
    }
    if (!note_parse(bytes, length, &before, err) ||
        !note_parse(joined.data, joined.length, &after, err)) {
        return false;
    }
    if (after.length != before.length) {
        return error_set(err, FAULT_INPUT, "note.malformed",
                         _("the lines to add are not signature lines"));
    }
    buffer_add(ret, joined.data, joined.length);
    return true;
}
