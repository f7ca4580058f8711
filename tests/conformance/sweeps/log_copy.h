/* log_copy.h - the log of a scene (attack_scene.h) in memory, for an attacker to arrange anew: any
 * events in any order, written and signed again with the keys he has, under heads of any size. A
 * copy is a value: what is done to one leaves the others alone.
 *
 * Tables and rules are not looked at here: it is the log against itself, and against what others
 * saw of it. */
#ifndef YICANG_TESTS_CONFORMANCE_SWEEPS_LOG_COPY_H
#define YICANG_TESTS_CONFORMANCE_SWEEPS_LOG_COPY_H

#include "tests/conformance/attacks/attack_scene.h"

#include "ledger/audit/log_source.h"
#include "ledger/audit/proof.h"

#define COPY_EVENTS_MAX 40
#define COPY_HEADS_MAX 40

struct copied_head {
    uint64_t size;
    struct span note;
};

struct log_copy {
    struct scene *scene;
    struct arena *arena; /* for what is written; may be changed */
    struct span leaf[COPY_EVENTS_MAX];
    size_t events;
    struct copied_head head[COPY_HEADS_MAX]; /* ascending by size */
    size_t heads;
};

/* Keys of people and of the system, as bits; those of the log are asked for where heads are
 * written. */
#define THIEF_KEYS 5
#define THIEF_ALL ((1U << THIEF_KEYS) - 1)
const struct signing_key *thief_key(const struct scene *scene, size_t n);

/* The genuine one, in the scene's arena. */
void log_copy_take(struct scene *scene, struct log_copy *ret);

/* Whose keys signed the event. */
unsigned log_copy_signers(const struct log_copy *copy, size_t place);
/* The event becomes another: of another command. Its signatures stay. */
void log_copy_edit(struct log_copy *copy, size_t place);
/* From that place on each event names its place and the event before it; whoever of its signers is
 * among the keys signs it again, the lines of others stay as they are. */
void log_copy_chain(struct log_copy *copy, size_t place, unsigned keys);

/* The head of the first events as the log would sign it, without a witness. */
struct span log_copy_head(const struct log_copy *copy, uint64_t size);
/* In place of one of that size, if there is one. */
void log_copy_put_head(struct log_copy *copy, uint64_t size, struct span note);
/* Takes the heads of more events away. */
void log_copy_drop_heads_above(struct log_copy *copy, uint64_t size);
/* With the log key and all day keys in hand: the heads that cover that place are made again,
 * without a witness, and the last one is of the whole log. */
void log_copy_cover(struct log_copy *copy, size_t place);

struct sha256 log_copy_root(const struct log_copy *copy, uint64_t size);
/* The copy must outlive it. */
struct leaf_source log_copy_leaves(struct log_copy *copy);

/* As scene_verdict(), with the scene's card, day and kept heads. Asks for a second opinion, if one
 * is wanted (second_opinion.h). */
const char *log_copy_verdict(struct log_copy *copy);
/* Whether it names the code, with this place. */
bool verdict_tells(const char *verdict, const char *code, int64_t place);
bool verdict_tells_anywhere(const char *verdict, const char *code);

/* State of a group of tests: a scene, its log, and memory for one copy at a time. */
struct sweep {
    struct scene *scene;
    struct log_copy genuine;
    struct arena work;
};
int sweep_set_up(void **state);
int sweep_tear_down(void **state);
/* A fresh copy; what was written for the last one is gone. Nobody has kept a head. */
struct log_copy sweep_copy(struct sweep *sweep);

#endif
