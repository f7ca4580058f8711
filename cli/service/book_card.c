#include "cli/service/book_card.h"

#include "ledger/audit/log_keys.h"
#include "ledger/audit/log_lookup.h"
#include "ledger/audit/predecessor.h"
#include "ledger/base/text.h"

#include <stdio.h>
#include <string.h>

struct log_key_list {
    struct trust_card *card;
    bool any, fits;
};

/* The last one is in force. */
static void add_log_key(void *context, const char *vkey)
{
    struct log_key_list *list = context;
    struct trust_card *card = list->card;
    struct error ignored;

    if (list->any && card->befores == TRUST_CARD_BEFORE_MAX) {
        list->fits = false;
        return;
    }
    if (list->any) {
        card->before[card->befores++] = card->log;
    }
    list->any = true;
    list->fits = list->fits && verifier_key_parse(vkey, &card->log, &ignored);
}

static bool log_keys_of(struct store *store, struct trust_card *card, struct error *err)
{
    struct log_key_list list = {.card = card, .fits = true};

    if (!service_keys_each(store, SERVICE_KEY_LOG, add_log_key, &list, err)) {
        return false;
    }
    return (list.any && list.fits) ||
           error_set(err, FAULT_INTEGRITY, "audit.log-keys",
                     _("a trust card names a log key and at most %d that it replaced"),
                     TRUST_CARD_BEFORE_MAX);
}

static bool genesis_keys(const struct event *genesis, struct trust_card *card, struct error *err)
{
    const char *log = canon_get_text(genesis->body, "log_key");
    const struct canon *admins = canon_get(genesis->body, "admin_keys");

    if (log == NULL || admins == NULL || canon_count(admins) > TRUST_CARD_ADMINS_MAX) {
        return error_set(err, FAULT_INTEGRITY, "audit.old-book",
                         _("the genesis of this book does not name what a trust card holds"));
    }
    for (size_t i = 0; i < canon_count(admins); i++) {
        const char *vkey = canon_as_text(canon_at(admins, i));
        if (vkey == NULL || !verifier_key_parse(vkey, &card->admin[card->admins++], err)) {
            return false;
        }
    }
    return true;
}

/* The policy of the card: what was given, known to know its log. */
static void policy_text(const struct trust_card *card, const char *policy, size_t length,
                        struct buffer *ret)
{
    char vkey[VKEY_TEXT_MAX];
    bool has_log = length >= 4 && memcmp(policy, "log ", 4) == 0;

    if (!has_log) {
        buffer_printf(ret, "log %s\n", verifier_key_format(&card->log, vkey));
    }
    if (policy == NULL) {
        buffer_add_text(ret, "quorum none\n");
    } else {
        buffer_add(ret, policy, length);
    }
}

static bool policy_fits(const struct event *genesis, const struct trust_card *card, bool given,
                        struct error *err)
{
    struct sha256 named;

    if (!canon_get_sha256(genesis->body, "policy_sha256", &named)) {
        return true;
    }
    if (!given) {
        error_set(err, FAULT_REFUSED, "audit.policy-missing",
                  _("the log names a witness policy, whose text must stand on the card"));
        return error_next(err, _("give the file of `book init` with --witness-policy"));
    }
    return trust_card_policy_is(card, &named) ||
           error_set(err, FAULT_REFUSED, "audit.other-policy",
                     _("this is not the witness policy that the log names"));
}

static bool genesis_predecessor(const struct event *genesis, struct trust_card *card,
                                struct error *err)
{
    AUTO_PREDECESSOR predecessor = {0};

    if (!predecessor_read(genesis->body, genesis->origin, &predecessor)) {
        return error_set(err, FAULT_INTEGRITY, "audit.old-book",
                         _("the genesis of this book does not name what a trust card holds"));
    }
    (void)snprintf(card->predecessor_origin, sizeof card->predecessor_origin, "%s",
                   predecessor.origin);
    card->predecessor_size = predecessor.size;
    card->predecessor_root = predecessor.root;
    return true;
}

bool book_card(struct office *office, const char *policy, size_t policy_length,
               const struct minisign_key *export_key, struct buffer *ret, struct error *err)
{
    struct event genesis;
    struct sha256 kept;
    struct trust_card card = {.minisign = *export_key};
    struct trust_card again;
    AUTO_BUFFER text;

    buffer_init(&text, WITNESS_POLICY_MAX);
    (void)snprintf(card.origin, sizeof card.origin, "%s", office->facts.origin);
    if (!event_load(office->store, &office->arena, office->facts.origin, 0, &genesis, &kept, err) ||
        !genesis_keys(&genesis, &card, err) || !genesis_predecessor(&genesis, &card, err) ||
        !log_keys_of(office->store, &card, err)) {
        return false;
    }
    card.genesis = merkle_leaf_hash(genesis.text, genesis.leaf_length);
    policy_text(&card, policy, policy_length, &text);
    card.policy_text = text.data;
    card.policy_length = text.length;
    if (!policy_fits(&genesis, &card, policy != NULL, err)) {
        return false;
    }
    trust_card_write(&card, ret);
    /* What cannot be read again is no card. */
    return trust_card_parse(&office->arena, ret->data, ret->length, &again, err);
}
