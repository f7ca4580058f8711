/* story.h - what a county does with its book, as a list of commands that can be sent, broken off
 * and sent again. Two parts: from an empty disk to loans and days closed; and, from a loan 90 days
 * overdue, the claim to its end. */
#ifndef YICANG_TESTS_CRASH_STORY_H
#define YICANG_TESTS_CRASH_STORY_H

#include "tests/support/live_book.h"

#define STORY_STEPS_MAX 128

enum story_part { STORY_LENDING, STORY_CLAIM };

struct story {
    enum story_part part;
    struct live_book book;
    size_t steps;
    uint64_t seq[STORY_STEPS_MAX];       /* of the event of each step; learnt when it is done */
    struct log_tip tip[STORY_STEPS_MAX]; /* after it */
    uint64_t first_size;                 /* events before the first step */
    const char *pragma;                  /* run on each opened store; NULL: none */
};

/* Makes folders, and for STORY_CLAIM the book as it then stands. */
void story_prepare(struct story *story, enum story_part part);
void story_release(struct story *story);

/* Opens the book (step 0 of STORY_LENDING makes it), with the story's pragma. */
MUST_CHECK bool story_open(struct story *story, struct error *err);
/* Sends the command of a step to the open book; always with the same command id. */
MUST_CHECK bool story_send(struct story *story, size_t step, struct act_result *ret,
                           struct error *err);
/* Whether the program ends after this step, and the next one is another process. */
bool story_ends_process(const struct story *story, size_t step);
bool story_makes_book(const struct story *story, size_t step);
const char *story_type(const struct story *story, size_t step);

/* Plays the whole story, marking the tape when a step begins (2 * step) and when it is acknowledged
 * (2 * step + 1), and learns seq and tips. */
void story_play(struct story *story);

#endif
