/* passage.h - one passage through the door, as the files that make up the door see it (act.h).
 * Layer: service. */
#ifndef YICANG_SERVICE_PASSAGE_H
#define YICANG_SERVICE_PASSAGE_H

#include "cli/service/act.h"

/* Whoever signs by an agent may take a minute, and nobody waits for that with the lock held: the
 * passage is made once without writing anything, to have the text; the text is signed; and the
 * passage is made again, where it must come to the same text (decision 0021). */
enum passage_stage {
    PASSAGE_WHOLE, /* planned, signed and written in one transaction */
    PASSAGE_DRAFT, /* only to have the text that is to be signed */
    PASSAGE_SIGNED /* with the signatures of the draft */
};

struct passage {
    struct office *office;
    const struct act_options *options;
    const struct use_case *use_case;
    const struct canon *asked;   /* the request as it came in */
    const struct canon *request; /* with what the door adds */
    const struct personal_data *person;
    size_t persons;
    struct personal_draw *draw; /* of each person, once drawn; the same in each stage */
    struct signer signer[EVENT_SIGNERS_MAX];
    size_t signers;
    enum passage_stage stage;
    struct event_signing signing;
    struct log_tip drafted_after; /* the log as it was under the draft */
    bool overtaken;               /* it has grown since */
    struct date day, day_after;   /* open before the event, and after it */
    struct instant at;
    struct sha256 request_mac;
    struct sha256 persons_mac; /* of the personal data too, if there is any */
    struct planning planning;
    struct canon *body;
    bool rows_beside; /* they do not fit into the line */
};

/* Keyed hashes of who asks for what: one without the personal data, which stays, and one with it,
 * which is kept where it can be erased. Reason id request.too-long. */
MUST_CHECK bool passage_mac_request(struct passage *passage, struct error *err);
/* What the door adds to a request: persons as subject and commitments, their data encrypted in the
 * store; and the keys of the log that follow, where the event turns them. */
MUST_CHECK bool passage_complete_request(struct passage *passage, struct error *err);
/* Wipes what was drawn. */
void passage_forget_draws(struct passage *passage);

#endif
