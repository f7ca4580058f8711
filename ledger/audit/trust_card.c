#include "ledger/audit/trust_card.h"

#include "ledger/audit/line_reader.h"
#include "ledger/base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CARD_HEADER "ledger-card/v1"

static void add_key(const char *word, const struct verifier_key *key, struct buffer *ret)
{
    char text[VKEY_TEXT_MAX];
    buffer_printf(ret, "%s %s\n", word, verifier_key_format(key, text));
}

bool trust_card_policy_is(const struct trust_card *card, const struct sha256 *digest)
{
    char line[VKEY_TEXT_MAX + 8];
    char vkey[VKEY_TEXT_MAX];
    int length = snprintf(line, sizeof line, "log %s\n", verifier_key_format(&card->log, vkey));
    struct sha256 whole = sha256_of(card->policy_text, card->policy_length);
    if (sha256_equal(&whole, digest)) {
        return true;
    }
    if (length < 0 || card->policy_length < (size_t)length ||
        memcmp(card->policy_text, line, (size_t)length) != 0) {
        return false;
    }
    struct sha256 rest =
        sha256_of(card->policy_text + length, card->policy_length - (size_t)length);
    return sha256_equal(&rest, digest);
}

void trust_card_write(const struct trust_card *card, struct buffer *ret)
{
    assert(card->admins >= 1 && card->admins <= TRUST_CARD_ADMINS_MAX);
    char hex[SHA256_HEX_SIZE];
    char minisign[MINISIGN_KEY_TEXT_SIZE];
    buffer_printf(ret, CARD_HEADER "\norigin %s\ngenesis %s\n", card->origin,
                  hex_format(card->genesis.byte, SHA256_SIZE, hex));
    if (card->predecessor_origin[0] != '\0') {
        buffer_printf(ret, "predecessor %s %" PRIu64 " %s\n", card->predecessor_origin,
                      card->predecessor_size,
                      hex_format(card->predecessor_root.byte, SHA256_SIZE, hex));
    }
    add_key("log", &card->log, ret);
    for (size_t i = 0; i < card->befores; i++) {
        add_key("before", &card->before[i], ret);
    }
    for (size_t i = 0; i < card->admins; i++) {
        add_key("admin", &card->admin[i], ret);
    }
    buffer_printf(ret, "minisign %s\npolicy\n", minisign_key_format(&card->minisign, minisign));
    buffer_add(ret, card->policy_text, card->policy_length);
}

static bool refuse_card(const char *fact, struct error *err)
{
    error_set(err, FAULT_INPUT, "E_TRUST", _("the trust card cannot be used: %s"), fact);
    return error_next(err, _("get the card anew from the county finance bureau"));
}

static bool key_parse(struct span span, struct verifier_key *ret, struct error *err)
{
    char text[VKEY_TEXT_MAX];
    return span_copy(span, text, sizeof text) && verifier_key_parse(text, ret, err) &&
           ret->type == KEY_TYPE_ED25519;
}

/* "<origin>/a/<staff code>" */
static bool is_staff_name(const char *name, const char *origin)
{
    size_t length = strlen(origin);
    return strncmp(name, origin, length) == 0 && strncmp(name + length, "/a/", 3) == 0 &&
           staff_code_is_valid(name + length + 3);
}

static bool read_head(struct line_reader *lines, struct trust_card *ret)
{
    struct span origin;
    struct span genesis;
    char hex[SHA256_HEX_SIZE];
    return line_next_is(lines, CARD_HEADER) && line_next_field(lines, "origin", &origin) &&
           span_copy(origin, ret->origin, sizeof ret->origin) && origin_is_valid(ret->origin) &&
           line_next_field(lines, "genesis", &genesis) && span_copy(genesis, hex, sizeof hex) &&
           hex_parse(hex, ret->genesis.byte, SHA256_SIZE);
}

static bool read_predecessor(struct line_reader *lines, struct trust_card *ret)
{
    struct span rest, origin, size;
    return !line_next_field(lines, "predecessor", &rest) ||
           (span_take_word(&rest, &origin) &&
            span_copy(origin, ret->predecessor_origin, sizeof ret->predecessor_origin) &&
            origin_is_valid(ret->predecessor_origin) &&
            !text_equal(ret->predecessor_origin, ret->origin) && span_take_word(&rest, &size) &&
            span_decimal(size, &ret->predecessor_size) && ret->predecessor_size > 0 &&
            span_take_hash(&rest, &ret->predecessor_root) && rest.length == 0);
}

static bool admin_is_new(const struct trust_card *card, const struct verifier_key *admin)
{
    for (size_t i = 0; i < card->admins; i++) {
        if (text_equal(card->admin[i].name, admin->name) ||
            memcmp(card->admin[i].public_key, admin->public_key, sizeof admin->public_key) == 0) {
            return false;
        }
    }
    return true;
}

/* Log keys of before: other ones under the same name. */
static bool read_befores(struct line_reader *lines, struct trust_card *ret, struct error *err)
{
    struct span field;
    while (line_next_field(lines, "before", &field)) {
        struct verifier_key *key = &ret->before[ret->befores];
        if (ret->befores == TRUST_CARD_BEFORE_MAX || !key_parse(field, key, err) ||
            !text_equal(key->name, ret->origin) ||
            memcmp(key->public_key, ret->log.public_key, sizeof key->public_key) == 0) {
            return false;
        }
        ret->befores++;
    }
    return true;
}

static bool read_keys(struct line_reader *lines, struct trust_card *ret, struct error *err)
{
    struct span field;
    if (!line_next_field(lines, "log", &field) || !key_parse(field, &ret->log, err) ||
        !text_equal(ret->log.name, ret->origin) || !read_befores(lines, ret, err)) {
        return false;
    }
    ret->admins = 0;
    while (line_next_field(lines, "admin", &field)) {
        struct verifier_key admin;
        if (ret->admins == TRUST_CARD_ADMINS_MAX || !key_parse(field, &admin, err) ||
            !is_staff_name(admin.name, ret->origin) || !admin_is_new(ret, &admin)) {
            return false;
        }
        ret->admin[ret->admins++] = admin;
    }
    return ret->admins >= 1 && line_next_field(lines, "minisign", &field) &&
           minisign_key_parse(field.start, field.length, &ret->minisign, err);
}

static bool policy_knows_log(const struct trust_card *card)
{
    const struct verifier_key *log = witness_policy_log(card->policy, card->origin);
    return log != NULL && log->id == card->log.id &&
           memcmp(log->public_key, card->log.public_key, sizeof log->public_key) == 0;
}

bool trust_card_parse(struct arena *arena, const char *bytes, size_t length, struct trust_card *ret,
                      struct error *err)
{
    struct line_reader lines;
    line_reader_init(&lines, bytes, length);
    *ret = (struct trust_card){0};
    if (length > TRUST_CARD_MAX) {
        return refuse_card(_("it is too long"), err);
    }
    if (!read_head(&lines, ret) || !read_predecessor(&lines, ret)) {
        return refuse_card(_("its first lines do not name origin and genesis"), err);
    }
    if (!read_keys(&lines, ret, err)) {
        return refuse_card(_("a key is missing, malformed or not of its origin"), err);
    }
    if (!line_next_is(&lines, "policy")) {
        return refuse_card(_("the witness policy is missing"), err);
    }
    struct span policy = line_rest(&lines);
    ret->policy_text = arena_text_n(arena, policy.start, policy.length);
    ret->policy_length = policy.length;
    if (!witness_policy_parse(arena, ret->policy_text, policy.length, &ret->policy, err)) {
        return refuse_card(_("its witness policy is malformed"), err);
    }
    return policy_knows_log(ret) || refuse_card(_("its witness policy does not know its log"), err);
}
