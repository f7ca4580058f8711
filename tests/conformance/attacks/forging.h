/* forging.h - the last event of a genuine book written anew by somebody who has the keys of the log
 * and those of the person who acts: every hash, signature and head as good as it can be made. It is
 * a deposit by the bureau. */
#ifndef YICANG_TESTS_CONFORMANCE_ATTACKS_FORGING_H
#define YICANG_TESTS_CONFORMANCE_ATTACKS_FORGING_H

#include "tests/conformance/attacks/attack_scene.h"

/* In the arena. */
char *leaf_at(struct scene *scene, uint64_t seq, size_t *ret_length);
char *last_leaf(struct scene *scene);
/* The signed part of a leaf: header and line. */
char *signed_part(struct scene *scene, const char *leaf);
/* One piece of a text, which must be there, replaced. */
char *replaced(struct scene *scene, const char *text, const char *from, const char *to);
void put_leaf(struct scene *scene, uint64_t seq, const void *bytes, size_t length);
void put_signed(struct scene *scene, uint64_t seq, const char *text, const struct signing_key *key);
/* Hashes, tree, head file and the newest recorded head as if it had always been so. */
void cover_up(struct scene *scene);

/* The verdict on the book whose last event says this, signed by that key. */
const char *last_event_says(struct scene *scene, const char *text, const struct signing_key *key);
/* The same with one part of the genuine last event replaced, signed by its author. */
const char *last_event_with(struct scene *scene, const char *from, const char *to);
/* The genuine last event with another actor, type and body, in the role named as the actor. */
const char *last_event_by(struct scene *scene, const char *actor, const char *type,
                          const char *body, const struct signing_key *key);

#endif
