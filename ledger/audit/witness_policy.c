#include "ledger/audit/witness_policy.h"

#include "ledger/audit/line_reader.h"
#include "ledger/base/text.h"

#include <string.h>

#define GROUP_BIT 32
#define NOT_KNOWN (-1)

struct policy_reader {
    struct arena *arena;
    struct witness_policy *policy;
    struct span at;          /* what is left of the line */
    uint64_t member_of_some; /* bits of the names that a group has taken */
    bool quorum_seen;
    int line;
};

static bool refuse_policy(const struct policy_reader *reader, const char *fact, struct error *err)
{
    error_set(err, FAULT_INPUT, "witness-policy.malformed", _("line %d of the witness policy: %s"),
              reader->line, fact);
    return error_at(err, "", reader->line, 0);
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

/* The next word of the line, in the arena; NULL at its end. */
static const char *word_next(struct policy_reader *reader)
{
    struct span *at = &reader->at;
    while (at->length > 0 && is_blank(*at->start)) {
        at->start++;
        at->length--;
    }
    size_t length = 0;
    while (length < at->length && !is_blank(at->start[length])) {
        length++;
    }
    if (length == 0) {
        return NULL;
    }
    const char *word = arena_text_n(reader->arena, at->start, length);
    at->start += length;
    at->length -= length;
    return word;
}

/* The bit of a witness or group, or NOT_KNOWN. */
static int bit_of(const struct witness_policy *policy, const char *name)
{
    for (size_t i = 0; i < policy->witnesses; i++) {
        if (text_equal(policy->witness_name[i], name)) {
            return (int)i;
        }
    }
    for (size_t i = 0; i < policy->groups; i++) {
        if (text_equal(policy->group[i].name, name)) {
            return (int)(GROUP_BIT + i);
        }
    }
    return NOT_KNOWN;
}

static bool name_is_free(const struct policy_reader *reader, const char *name)
{
    return !text_equal(name, "none") && bit_of(reader->policy, name) == NOT_KNOWN;
}

/* At most a URL may follow a key, and then nothing. */
static bool line_ends_after_url(struct policy_reader *reader)
{
    const char *url = word_next(reader);
    return url == NULL || word_next(reader) == NULL;
}

static bool key_is_new(const struct verifier_key *a, const struct verifier_key *b)
{
    return memcmp(a->public_key, b->public_key, sizeof a->public_key) != 0;
}

static bool read_key(struct policy_reader *reader, uint8_t type, struct verifier_key *ret,
                     struct error *err)
{
    const char *text = word_next(reader);
    if (text == NULL || !verifier_key_parse(text, ret, err) || ret->type != type) {
        return refuse_policy(reader, _("its key is missing or not of the kind needed"), err);
    }
    if (!line_ends_after_url(reader)) {
        return refuse_policy(reader, _("it has too many words"), err);
    }
    return true;
}

static bool read_log(struct policy_reader *reader, struct error *err)
{
    struct witness_policy *policy = reader->policy;
    if (policy->logs == WITNESS_POLICY_LOGS_MAX) {
        return refuse_policy(reader, _("there are too many logs"), err);
    }
    struct verifier_key *key = &policy->log[policy->logs];
    if (!read_key(reader, KEY_TYPE_ED25519, key, err)) {
        return false;
    }
    for (size_t i = 0; i < policy->logs; i++) {
        if (!key_is_new(key, &policy->log[i])) {
            return refuse_policy(reader, _("this log stands there already"), err);
        }
    }
    policy->logs++;
    return true;
}

static bool read_witness(struct policy_reader *reader, struct error *err)
{
    struct witness_policy *policy = reader->policy;
    const char *name = word_next(reader);
    if (policy->witnesses == WITNESS_POLICY_WITNESSES_MAX) {
        return refuse_policy(reader, _("there are too many witnesses"), err);
    }
    if (name == NULL || !name_is_free(reader, name)) {
        return refuse_policy(reader, _("its name is missing or taken"), err);
    }
    struct verifier_key *key = arena_alloc(reader->arena, sizeof *key);
    if (!read_key(reader, KEY_TYPE_COSIGNATURE, key, err)) {
        return false;
    }
    for (size_t i = 0; i < policy->witnesses; i++) {
        if (!key_is_new(key, policy->witness[i])) {
            return refuse_policy(reader, _("this witness stands there already"), err);
        }
    }
    policy->witness_name[policy->witnesses] = name;
    policy->witness[policy->witnesses] = key;
    policy->witnesses++;
    return true;
}

static bool read_members(struct policy_reader *reader, uint64_t *ret, unsigned *ret_count,
                         struct error *err)
{
    *ret = 0;
    *ret_count = 0;
    for (const char *name = word_next(reader); name != NULL; name = word_next(reader)) {
        int bit = bit_of(reader->policy, name);
        if (bit == NOT_KNOWN) {
            return refuse_policy(reader, _("a member is not defined above it"), err);
        }
        if ((reader->member_of_some >> bit & 1) != 0) {
            return refuse_policy(reader, _("a member belongs to a group already"), err);
        }
        reader->member_of_some |= UINT64_C(1) << bit;
        *ret |= UINT64_C(1) << bit;
        ++*ret_count;
    }
    return true;
}

static bool threshold_parse(const char *word, unsigned members, unsigned *ret)
{
    uint64_t number = 0;
    if (text_equal(word, "all")) {
        number = members;
    } else if (text_equal(word, "any")) {
        number = 1;
    } else if (!span_decimal((struct span){word, strlen(word)}, &number)) {
        return false;
    }
    *ret = (unsigned)number;
    return number >= 1 && number <= members;
}

static bool read_group(struct policy_reader *reader, struct error *err)
{
    struct witness_policy *policy = reader->policy;
    struct witness_group group = {.name = word_next(reader)};
    const char *threshold = word_next(reader);
    if (policy->groups == WITNESS_POLICY_GROUPS_MAX) {
        return refuse_policy(reader, _("there are too many groups"), err);
    }
    if (threshold == NULL || !name_is_free(reader, group.name)) {
        return refuse_policy(reader, _("its name is missing or taken"), err);
    }
    unsigned members = 0;
    if (!read_members(reader, &group.members, &members, err)) {
        return false;
    }
    if (!threshold_parse(threshold, members, &group.threshold)) {
        return refuse_policy(reader, _("its threshold is not between 1 and its members"), err);
    }
    policy->group[policy->groups++] = group;
    return true;
}

static bool read_quorum(struct policy_reader *reader, struct error *err)
{
    const char *name = word_next(reader);
    if (reader->quorum_seen || name == NULL || word_next(reader) != NULL) {
        return refuse_policy(reader, _("there must be one quorum line, with one name"), err);
    }
    reader->quorum_seen = true;
    if (text_equal(name, "none")) {
        return true;
    }
    int bit = bit_of(reader->policy, name);
    if (bit == NOT_KNOWN) {
        return refuse_policy(reader, _("the quorum is not defined above it"), err);
    }
    reader->policy->quorum = UINT64_C(1) << bit;
    return true;
}

static bool read_line(struct policy_reader *reader, struct error *err)
{
    const char *word = word_next(reader);
    if (word == NULL || word[0] == '#') {
        return true;
    }
    if (text_equal(word, "log")) {
        return read_log(reader, err);
    }
    if (text_equal(word, "witness")) {
        return read_witness(reader, err);
    }
    if (text_equal(word, "group")) {
        return read_group(reader, err);
    }
    if (text_equal(word, "quorum")) {
        return read_quorum(reader, err);
    }
    return refuse_policy(reader, _("it is none of log, witness, group, quorum"), err);
}

/* Tab, LF, 0x20 to 0x7e and everything above 0x7f, says the specification. */
static bool bytes_are_allowed(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if ((byte < 0x20 && byte != '\t' && byte != '\n') || byte == 0x7f) {
            return false;
        }
    }
    return true;
}

bool witness_policy_parse(struct arena *arena, const char *text, size_t length,
                          const struct witness_policy **ret, struct error *err)
{
    struct policy_reader reader = {.arena = arena};
    if (length > WITNESS_POLICY_MAX || !bytes_are_allowed(text, length)) {
        return refuse_policy(&reader, _("it is too long or holds control characters"), err);
    }
    reader.policy = arena_alloc(arena, sizeof *reader.policy);
    struct line_reader lines;
    line_reader_init(&lines, text, length);
    while (line_next(&lines, &reader.at)) {
        reader.line++;
        if (!read_line(&reader, err)) {
            return false;
        }
    }
    reader.line++;
    if (!line_at_end(&lines)) {
        return refuse_policy(&reader, _("the last line has no line end"), err);
    }
    if (!reader.quorum_seen) {
        return refuse_policy(&reader, _("there is no quorum line"), err);
    }
    *ret = reader.policy;
    return true;
}

bool witness_policy_is_met(const struct witness_policy *policy, uint64_t witnessed)
{
    /* A group names only what stands above it, so one pass settles all of them. */
    uint64_t seen = witnessed & ((UINT64_C(1) << policy->witnesses) - 1);
    for (size_t i = 0; i < policy->groups; i++) {
        const struct witness_group *group = &policy->group[i];
        if ((unsigned)__builtin_popcountll(seen & group->members) >= group->threshold) {
            seen |= UINT64_C(1) << (GROUP_BIT + i);
        }
    }
    return policy->quorum == 0 || (seen & policy->quorum) != 0;
}

const struct verifier_key *witness_policy_log(const struct witness_policy *policy,
                                              const char *origin)
{
    for (size_t i = 0; i < policy->logs; i++) {
        if (text_equal(policy->log[i].name, origin)) {
            return &policy->log[i];
        }
    }
    return NULL;
}
