/* fake_agent.h - an ssh-agent of the tests: a process of its own that holds one Ed25519 key, speaks
 * the protocol in its own words, and misbehaves as it is told. The secret is made in it, and is in
 * no other process. */
#ifndef YICANG_TESTS_SUPPORT_FAKE_AGENT_H
#define YICANG_TESTS_SUPPORT_FAKE_AGENT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum fake_conduct {
    FAKE_HONEST,
    FAKE_REFUSES,     /* lists its key, and signs nothing */
    FAKE_EMPTY,       /* holds no key */
    FAKE_SIGNS_OTHER, /* another text than it was given */
    FAKE_OTHER_KEY,   /* with another key */
    FAKE_SILENT,      /* never answers */
    FAKE_ONE_BY_ONE,  /* honest, a byte at a time */
    FAKE_SAYS         /* always these bytes, then the end */
};

struct fake_agent {
    pid_t process;
    char path[512]; /* of its socket; also in SSH_AUTH_SOCK */
    uint8_t public_key[32];
    uint8_t masked_seed[32]; /* each byte ^ FAKE_AGENT_MASK, for who looks for it in memory */
};
#define FAKE_AGENT_MASK 0x5A

/* Listens in the folder until it is stopped. `says`: for FAKE_SAYS, with the length in front. */
void fake_agent_start(struct fake_agent *agent, const char *folder, enum fake_conduct conduct,
                      const void *says, size_t length);
void fake_agent_stop(struct fake_agent *agent);

#endif
