/* disk.h - a disk played from a tape, and what it may hold after the power failed: everything that
 * was synced, and of the rest any part (docs/decisions/0009). */
#ifndef YICANG_TESTS_CRASH_DISK_H
#define YICANG_TESTS_CRASH_DISK_H

#include "tests/crash/tape.h"
#include "tests/support/random.h"

enum power_cut {
    CUT_KEPT,      /* all that was not synced is there all the same */
    CUT_DROPPED,   /* none of it is */
    CUT_SUBSET,    /* some writes are, in their order */
    CUT_REORDERED, /* the disk had begun with any of them in any order */
    CUT_GARBLED,   /* all is there, but the last write ends in noise */
    CUT_TORN,      /* writes are there by sectors of 512 bytes, the last one only in part */
    CUT_KINDS
};
extern const char *const cut_name[CUT_KINDS];

struct disk;

struct disk *disk_new(const struct tape *tape);
struct disk *disk_free(struct disk *disk); /* returns NULL */
/* Plays the operations up to `op`, which is not done any more. Only forwards. */
void disk_play_to(struct disk *disk, size_t op);
/* Makes the folder hold what is left, and nothing else. */
void disk_cut(const struct disk *disk, enum power_cut cut, struct random_source *random,
              const char *folder);
/* Empties a folder. */
void disk_wipe(const char *folder);

#endif
