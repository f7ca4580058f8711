/* second_opinion.h - what a program that none of us wrote says of the same damage (audit-log.md 6:
 * every group through our verifier and through the Go check, disagreements listed).
 *
 *     conformance_sweeps_events go CHECKER N       every Nth case, or every one if N is 1
 *
 * CHECKER BUNDLE CARD is tests/conformance/outside/check_bundle.go. What ours calls proven it must
 * accept. What it accepts and ours does not may tell codes of the list in second_opinion.c alone:
 * questions that it never asks. */
#ifndef YICANG_TESTS_CONFORMANCE_SWEEPS_SECOND_OPINION_H
#define YICANG_TESTS_CONFORMANCE_SWEEPS_SECOND_OPINION_H

#include "tests/conformance/sweeps/log_copy.h"

/* From the arguments of main(); without "go" nobody is asked. */
void second_opinion_begin(int argc, char **argv);
void second_opinion_on_log(const struct log_copy *copy, const char *verdict);
/* `unread`: the damage is in a file that the other program does not look at. */
void second_opinion_on_export(struct scene *scene, const char *folder, const char *verdict,
                              bool unread);
/* Until it is called with NULL: a code that ours alone may tell. */
void second_opinion_forgive(const char *code);
/* Prints what was asked and where the two differed; 1 if nobody was asked who should have been. */
int second_opinion_end(void);

#endif
