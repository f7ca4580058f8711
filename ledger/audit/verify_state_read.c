/* verify_state_read.c - a verified state read back, strictly: the bytes may be hostile. */
#include "ledger/audit/registry_table.h"
#include "ledger/audit/verify_state.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/audit/line_reader.h"
#include "ledger/base/alloc.h"
#include "ledger/base/text.h"

#define FIELD_MAX (VKEY_TEXT_MAX + 1)

/* The words of one line, taken off one by one. */
static bool take_number(struct span *line, uint64_t *ret)
{
    struct span word;
    return span_take_word(line, &word) && span_decimal(word, ret);
}

static bool take_number_or(struct span *line, uint64_t none, uint64_t *ret)
{
    struct span word;
    if (!span_take_word(line, &word)) {
        return false;
    }
    if (span_is(word, "-")) {
        *ret = none;
        return true;
    }
    return span_decimal(word, ret) && *ret != none;
}

static bool take_text(struct span *line, char *ret, size_t capacity)
{
    struct span word;
    return span_take_word(line, &word) && span_copy(word, ret, capacity);
}

static bool take_key(struct span *line, struct verifier_key *ret)
{
    char vkey[FIELD_MAX];
    struct error ignored;
    return take_text(line, vkey, sizeof vkey) && verifier_key_parse(vkey, ret, &ignored) &&
           ret->type == KEY_TYPE_ED25519;
}

static bool at_end(const struct span *line)
{
    return line->length == 0;
}

static bool read_number(struct line_reader *lines, const char *word, uint64_t *ret)
{
    struct span line;
    return line_next_field(lines, word, &line) && span_decimal(line, ret);
}

static bool read_hash(struct line_reader *lines, const char *word, struct sha256 *ret)
{
    struct span line;
    return line_next_field(lines, word, &line) && span_take_hash(&line, ret) && at_end(&line);
}

/* "a/b/c" of the state: names, and the tree ---------------------------------------------------- */

static bool read_names(struct line_reader *lines, struct verify_state *ret)
{
    struct span line;
    if (!line_next_is(lines, "ledger-state/v1") || !line_next_field(lines, "origin", &line) ||
        !span_copy(line, ret->origin, sizeof ret->origin) || !origin_is_valid(ret->origin) ||
        !read_hash(lines, "genesis", &ret->heads.genesis)) {
        return false;
    }
    ret->heads.has_policy = !line_next_is(lines, "policy -");
    return !ret->heads.has_policy || read_hash(lines, "policy", &ret->heads.policy);
}

static bool read_tree(struct line_reader *lines, struct verify_state *ret)
{
    struct span line;
    if (!read_number(lines, "size", &ret->range.size) || ret->range.size == 0 ||
        !read_hash(lines, "leaf", &ret->last_leaf) || !line_next_field(lines, "range", &line)) {
        return false;
    }
    for (size_t i = 0; i < merkle_range_count(&ret->range); i++) {
        if (!span_take_hash(&line, &ret->range.hash[i])) {
            return false;
        }
    }
    return at_end(&line);
}

static bool read_times(struct line_reader *lines, struct verify_state *ret)
{
    struct span line;
    char day[DATE_TEXT_SIZE];
    struct error ignored;
    uint64_t at = 0;
    uint64_t up = 0;
    uint8_t boot[UUID_SIZE];
    if (!line_next_field(lines, "proven", &line) || !span_copy(line, day, sizeof day) ||
        !date_parse(day, &ret->proven, &ignored) ||
        !read_number(lines, "replayed", &ret->replayed) || ret->replayed > ret->range.size ||
        !read_number(lines, "compared", &ret->compared) || ret->compared > ret->range.size ||
        !read_number(lines, "time", &at) || !line_next_field(lines, "clock", &line) ||
        !take_text(&line, ret->trail.boot, sizeof ret->trail.boot) || !take_number(&line, &up)) {
        return false;
    }
    ret->trail.at = (struct instant){(int64_t)at};
    ret->trail.up = (int64_t)up;
    ret->trail.has_clk = !text_equal(ret->trail.boot, "-");
    return at_end(&line) &&
           (ret->trail.has_clk ? hex_parse(ret->trail.boot, boot, sizeof boot) : up == 0);
}

/* The registry --------------------------------------------------------------------------------- */

static bool read_registry_key(struct span *line, struct verify_state *ret)
{
    struct registry *registry = ret->registry;
    struct verifier_key key;
    uint64_t from = 0;
    uint64_t until = 0;
    uint64_t before = 0;
    bool found = false;
    if (!take_key(line, &key) || registry_code_in_name(ret->origin, key.name) == NULL ||
        !take_number(line, &from) || !take_number_or(line, UINT64_MAX, &until) ||
        !take_number_or(line, UINT64_MAX, &before) || from > ret->range.size ||
        (until != UINT64_MAX && until > ret->range.size) ||
        (before != UINT64_MAX && before > UINT32_MAX) ||
        registry_key_place(registry, key.name, key.id, &found) != registry->keys ||
        !registry_add_key(registry, &key, from)) {
        return false; /* also if it is not behind the one before it */
    }
    struct registered *added = &registry->key[registry->keys - 1];
    added->until = until;
    added->has_before = before != UINT64_MAX;
    added->before = added->has_before ? (uint32_t)before : 0;
    return true;
}

static bool read_role(struct span *line, struct verify_state *ret)
{
    char actor[CODE_SIZE];
    char role[CODE_SIZE];
    uint64_t until = 0;
    size_t roles = ret->registry->roles;
    return take_text(line, actor, sizeof actor) && take_text(line, role, sizeof role) &&
           take_number_or(line, INT64_MAX, &until) &&
           registry_add_role(ret->registry, actor, role, (struct instant){0}, (int64_t)until) &&
           ret->registry->roles == roles + 1 &&
           registry_find_role(ret->registry, actor, role) == &ret->registry->role[roles];
}

static bool read_dispute(struct span *line, struct verify_state *ret)
{
    struct registry *registry = ret->registry;
    struct dispute one;
    uint64_t about = 0;
    if (!take_key(line, &one.key) || !take_number(line, &one.from) ||
        !take_number(line, &one.until) || !take_number(line, &about) || one.from >= one.until ||
        one.until > ret->range.size || about > registry->disputes ||
        registry->disputes == REGISTRY_KEYS_MAX ||
        (about < registry->disputes && registry->dispute[about].about != about)) {
        return false;
    }
    one.about = (size_t)about;
    registry->dispute =
        alloc_resized(registry->dispute, registry->disputes + 1, sizeof registry->dispute[0]);
    registry->dispute[registry->disputes++] = one;
    return true;
}

static bool read_resolved(struct span *line, struct verify_state *ret)
{
    struct registry *registry = ret->registry;
    uint64_t about = 0;
    uint64_t seq = 0;
    if (!take_number(line, &about) || !take_number(line, &seq) || about >= registry->disputes ||
        seq >= ret->range.size || registry->resolved_count == REGISTRY_RESOLVED_MAX) {
        return false;
    }
    registry_add_resolved(registry, (size_t)about, seq);
    return true;
}

/* Lines of one kind, as many as there are, each used up to its end. */
static bool read_each(struct line_reader *lines, const char *word,
                      bool (*read)(struct span *line, struct verify_state *ret),
                      struct verify_state *ret)
{
    struct span line;
    while (line_next_field(lines, word, &line)) {
        if (!read(&line, ret) || !at_end(&line)) {
            return false;
        }
    }
    return true;
}

static bool read_registry(struct line_reader *lines, struct verify_state *ret)
{
    uint64_t quorum = 0;
    ret->registry = registry_new();
    if (!read_number(lines, "quorum", &quorum) || quorum == 0) {
        return false;
    }
    ret->registry->quorum = (int64_t)quorum;
    return read_each(lines, "key", read_registry_key, ret) &&
           read_each(lines, "role", read_role, ret) &&
           read_each(lines, "dispute", read_dispute, ret) &&
           read_each(lines, "resolved", read_resolved, ret);
}

/* Heads ---------------------------------------------------------------------------------------- */

static bool read_epoch(struct span *line, struct verify_state *ret)
{
    struct head_memory *heads = &ret->heads;
    if (heads->keys > 2 * HEADS_REMEMBERED_MAX) {
        return false;
    }
    if ((heads->keys & (heads->keys - 1)) == 0) {
        heads->key =
            alloc_resized(heads->key, heads->keys == 0 ? 1 : 2 * heads->keys, sizeof heads->key[0]);
    }
    return take_key(line, &heads->key[heads->keys++]);
}

static bool take_key_number(struct span *line, const struct head_memory *heads, size_t *ret)
{
    uint64_t number = 0;
    if (!take_number_or(line, HEAD_KEY_NONE, &number)) {
        return false;
    }
    *ret = (size_t)number;
    return number == HEAD_KEY_NONE || number < heads->keys;
}

static bool read_head(struct span *line, struct verify_state *ret)
{
    struct head_memory *heads = &ret->heads;
    struct passed_head head;
    uint64_t at = 0;
    if (heads->heads > HEADS_REMEMBERED_MAX || !take_number(line, &head.size) ||
        !span_take_hash(line, &head.root) || !span_take_hash(line, &head.note) ||
        !take_number(line, &at) || !take_key_number(line, heads, &head.log) ||
        !take_key_number(line, heads, &head.day) || !take_key_number(line, heads, &head.next_log) ||
        !take_key_number(line, heads, &head.next_day)) {
        return false;
    }
    uint64_t before = heads->heads == 0 ? 0 : heads->head[heads->heads - 1].size;
    if (head.size <= before || head.size > ret->range.size) {
        return false;
    }
    head.at = (struct instant){(int64_t)at};
    if ((heads->heads & (heads->heads - 1)) == 0) {
        heads->head = alloc_resized(heads->head, heads->heads == 0 ? 1 : 2 * heads->heads,
                                    sizeof heads->head[0]);
    }
    heads->head[heads->heads++] = head;
    return true;
}

static bool read_seen(struct line_reader *lines, const char *word, uint64_t size_max,
                      struct head_seen *ret)
{
    struct span line;
    char hex[17];
    uint8_t by[8];
    uint64_t time = 0;
    if (!line_next_field(lines, word, &line) || !take_number(&line, &ret->size) ||
        !take_number(&line, &time) || !take_text(&line, hex, sizeof hex) || !at_end(&line) ||
        !hex_parse(hex, by, sizeof by) || ret->size > size_max) {
        return false;
    }
    ret->time = (int64_t)time;
    for (size_t i = 0; i < sizeof by; i++) {
        ret->by = ret->by << 8 | by[i];
    }
    return true;
}

static bool read_heads(struct line_reader *lines, struct verify_state *ret)
{
    struct head_memory *heads = &ret->heads;
    uint64_t age = 0;
    uint64_t log = 0;
    uint64_t day = 0;
    if (!read_number(lines, "age", &age) || !read_each(lines, "epoch", read_epoch, ret) ||
        !read_number(lines, "log", &log) || log >= heads->keys ||
        !read_number(lines, "day", &day) || day >= heads->keys) {
        return false;
    }
    heads->max_age_days = (int64_t)age;
    heads->log = (size_t)log;
    heads->day = (size_t)day;
    struct head_seen witnessed = {0};
    if (!read_hash(lines, "card", &heads->card_policy) ||
        !read_seen(lines, "witnessed", ret->range.size, &witnessed) ||
        !read_seen(lines, "mirrored", ret->range.size, &heads->mirrored)) {
        return false;
    }
    heads->witnessed_size = witnessed.size;
    heads->witnessed_time = witnessed.time;
    heads->witnessed_by = witnessed.by;
    return read_each(lines, "head", read_head, ret);
}

/* Commands ------------------------------------------------------------------------------------- */

static bool is_command_line(const char *line)
{
    for (size_t i = 0; i < COMMAND_LINE - 1; i++) {
        if (!(line[i] >= '0' && line[i] <= '9') && !(line[i] >= 'a' && line[i] <= 'f')) {
            return false;
        }
    }
    return line[COMMAND_LINE - 1] == '\n';
}

/* As many as events. */
static bool read_commands(struct line_reader *lines, struct verify_state *ret)
{
    uint64_t count = 0;
    if (!read_number(lines, "commands", &count) || count != ret->range.size ||
        count > VERIFY_STATE_MAX / COMMAND_LINE) {
        return false;
    }
    struct span rest = line_rest(lines);
    size_t length = (size_t)count * COMMAND_LINE;
    if (rest.length != length) {
        return false;
    }
    for (size_t at = 0; at < length; at += COMMAND_LINE) {
        if (!is_command_line(rest.start + at) ||
            (at > 0 &&
             memcmp(rest.start + at - COMMAND_LINE, rest.start + at, COMMAND_LINE) >= 0)) {
            return false;
        }
    }
    buffer_add(&ret->commands, rest.start, length);
    return !ret->commands.overflowed;
}

/* The whole ------------------------------------------------------------------------------------ */

#define CHECKSUM_LINE (sizeof "sha256 \n" - 1 + (size_t)2 * SHA256_SIZE)

static bool checksum_holds(const char *bytes, size_t length)
{
    struct line_reader lines;
    struct sha256 named;
    line_reader_init(&lines, bytes + length - CHECKSUM_LINE, CHECKSUM_LINE);
    struct sha256 digest = sha256_of(bytes, length - CHECKSUM_LINE);
    return read_hash(&lines, "sha256", &named) && line_at_end(&lines) &&
           sha256_equal(&named, &digest);
}

static bool refuse_state(const char *fact, struct error *err)
{
    error_set(err, FAULT_INPUT, "audit.state-malformed", _("the verified state cannot be used: %s"),
              fact);
    return error_next(err, _("verify in full, and save the state anew with --save-state"));
}

bool verify_state_parse(const char *bytes, size_t length, struct verify_state *ret,
                        struct error *err)
{
    struct line_reader lines;
    if (length <= CHECKSUM_LINE || length > VERIFY_STATE_MAX) {
        return refuse_state(_("it is too short or too long"), err);
    }
    if (!checksum_holds(bytes, length)) {
        return refuse_state(_("its checksum does not hold, so it was damaged"), err);
    }
    line_reader_init(&lines, bytes, length - CHECKSUM_LINE);
    if (!read_names(&lines, ret) || !read_tree(&lines, ret) || !read_times(&lines, ret)) {
        return refuse_state(_("its first lines are malformed"), err);
    }
    if (!read_registry(&lines, ret)) {
        return refuse_state(_("what it says of keys and roles is malformed"), err);
    }
    if (!read_heads(&lines, ret)) {
        return refuse_state(_("what it says of signed heads is malformed"), err);
    }
    if (!read_commands(&lines, ret)) {
        return refuse_state(_("its command ids are malformed"), err);
    }
    ret->complete = true;
    return true;
}
