/* attack_scene.h - a genuine book with three days, two seals, a witness and everybody's keys in
 * hand, and copies of it for an attacker to change (audit-log.md 5). Fails the test where it must
 * not fail.
 *
 *     struct scene *scene = *state;
 *     scene_restore(scene);
 *     scene_sql(scene, "UPDATE balance SET debit_fen = debit_fen + 1 WHERE account_id = 1");
 *     check_text_equal(scene_verdict(scene), "E_PROJECTION@-1 tampering");
 *
 * Whoever changes a copy owns the file: guards are dropped and put back as they were, so that the
 * container looks untouched. */
#ifndef YICANG_TESTS_CONFORMANCE_ATTACKS_ATTACK_SCENE_H
#define YICANG_TESTS_CONFORMANCE_ATTACKS_ATTACK_SCENE_H

#include "cli/service/book_check.h"
#include "ledger/audit/checkpoint.h"
#include "ledger/audit/log_keys.h"
#include "ledger/audit/verify_state.h"
#include "tests/support/live_book.h"

#define SCENE_ORIGIN "demo.invalid/ledger-00000001"
#define SCENE_KEPT_MAX 8
#define SCENE_DAYS 3

struct scene {
    struct live_book book; /* closed */
    struct arena arena;
    char *copy; /* folder of the copy under attack */
    struct signing_key admin, clerk, manager, bureau, log, system, witness;
    struct signing_key days[SCENE_DAYS]; /* the day keys in turn */
    struct signing_key day;              /* the last of them */
    struct minisign_secret export_key;
    char *card_text;
    size_t card_length;
    struct trust_card card;
    /* The seal of the first day; that of the second, which the witness has seen; the whole log. */
    uint64_t seal, cosigned, size;
    /* What the next verdict is asked with. */
    const char *attack; /* name of the test */
    struct verify_scope scope;
    struct verify_trust trust;
    struct kept_head kept[SCENE_KEPT_MAX];
    struct verify_state since; /* what scene_since() made */
};

int scene_set_up(void **state);
int scene_tear_down(void **state);

/* A fresh copy, with the card and today's date in hand and no kept heads. */
#define scene_restore(scene) scene_restore_for(scene, __func__)
void scene_restore_for(struct scene *scene, const char *attack);
/* Statements on the copy, without its guards; `blob` is ?1 of a single statement, or NULL. */
void scene_sql(struct scene *scene, const char *sql);
void scene_sql_blob(struct scene *scene, const char *sql, const void *blob, size_t length);
/* The same with the guards left as they are. */
void scene_sql_plain(struct scene *scene, const char *sql);
/* The bytes of a blob that a query gives, in the arena. */
char *scene_blob(struct scene *scene, const char *sql, size_t *ret_length);
int64_t scene_number(struct scene *scene, const char *sql);
/* Removes the file of this name from the copy. */
void scene_remove(struct scene *scene, const char *name);
/* Writes head and tree of the copy as if its events had always been these; makes leaf_hash true. */
void scene_mend(struct scene *scene);
/* The note of a head over the copy's first `size` events, signed by these keys. */
void scene_head(struct scene *scene, uint64_t size, const struct signing_key *log,
                const struct signing_key *day, struct buffer *ret);
void scene_keep(struct scene *scene, uint64_t size, const struct sha256 *root);
struct sha256 scene_root(struct scene *scene, uint64_t size);

/* What a verification of the genuine book proved when it had this many events. */
void scene_state(struct scene *scene, uint64_t size, struct verify_state *ret);
/* A fresh copy; the next verdicts go on from that state. */
#define scene_since(scene, size) scene_since_for(scene, size, __func__)
void scene_since_for(struct scene *scene, uint64_t size, const char *attack);
/* The end of the copy cut off, everything in the book made to fit. */
void scene_cut(struct scene *scene, uint64_t size);

/* What a verification finds, each code once with the first event it is found at:
 * "E_CHAIN@5 E_ROOT@5 tampering". */
const char *scene_verdict(struct scene *scene);
/* The same in words of what was found already, which is released. */
const char *scene_verdict_of(struct scene *scene, struct findings *findings);
/* The same of an export in this folder. */
const char *scene_export_verdict(struct scene *scene, const char *folder);
/* Where verdicts are found, once more by a watcher of its own (NULL: nobody asks): the same verdict
 * again, of the export in this folder, or of the copy if it is NULL. */
extern void (*scene_watcher)(struct scene *scene, const char *folder, const char *verdict);
const char *scene_verdict_again(struct scene *scene, const char *folder);

#endif
