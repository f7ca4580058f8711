/* book.h - a book opened for one command: store, head, keys, policies. Layer: service.
 *
 * A book is a folder: book.db (the store) and head beside it; the service keys (log, day, system
 * and data keys) stand in <book>.keys unless $YICANG_SERVICE_KEYS says otherwise, and with them the
 * high-water file, outside the folder of the book; people's keys in
 * $YICANG_KEYS, by default $XDG_CONFIG_HOME/yicang/keys or ~/.config/yicang/keys. */
#ifndef YICANG_SERVICE_BOOK_H
#define YICANG_SERVICE_BOOK_H

#include "cli/service/policy_shelf.h"
#include "ledger/audit/file_write.h"
#include "ledger/audit/log.h"
#include "ledger/audit/log_keys.h"
#include "ledger/audit/privacy.h"
#include "ledger/audit/signature_pool.h"
#include "ledger/base/arena.h"
#include "ledger/books/calendar.h"
#include "ledger/store/store.h"

#include <stdbool.h>

struct visitor; /* visits.h */
/* Told when how far somebody saw the log can be neither read nor kept, which stops nobody. Once a
 * command. */
typedef void (*visit_warning)(const struct error *why);

struct office {
    struct store *store;
    struct arena arena;   /* of one command: who does many empties it between them */
    struct arena lasting; /* of the office: its paths and facts */
    char *folder;         /* the book's */
    char *store_path;
    char *head_path;
    char *high_water_path;
    struct kept_file head_file, high_water_file; /* open from the first write on */
    char *service_folder;
    struct book_facts facts;
    struct date day; /* open business day */
    struct policy_shelf *policies;
    bool has_privacy_keys;
    struct privacy_keys privacy_keys; /* loaded when first needed */
    struct log_keys log_keys;         /* loaded when the first event is appended */
    struct key_ring *keys;            /* signers' keys, opened when first needed; key_ring.h */
    struct signature_pool *helpers;   /* office_helpers() */
    uint64_t events;                  /* recorded by this office */
    bool tip_unsynced;                /* the head was written but not synced yet */
    int64_t unsynced_since;           /* clock_milliseconds() of the first such write */
    struct log_tip tip;
    struct visitor *visitors; /* who signed through this office; in `lasting` */
    bool visits_due;          /* something was committed: office_close() keeps it for them */
    visit_warning warn_of_visits;
    bool warned_of_visits;
    bool behind; /* office_open_to_read(): events are lost */
    struct error loss;
};

/* Opens the book in `folder`, compares it with its head (head.h) and the high-water file, and
 * learns its facts. Readers may have no service key folder; whoever writes must: reason id
 * book.high-water-missing. */
MUST_CHECK bool office_open(const char *folder, enum store_mode mode, struct office *ret,
                            struct error *err);
/* The same with another service key folder than the book's: for copies of it. */
MUST_CHECK bool office_open_beside(const char *folder, const char *service_folder,
                                   enum store_mode mode, struct office *ret, struct error *err);
/* To read only. A book behind its head or high-water file opens as well: `behind` is set, and
 * `loss` says which events are lost (book.events-lost); whoever reads must say so. */
MUST_CHECK bool office_open_to_read(const char *folder, struct office *ret, struct error *err);
/* Syncs the head if it has to, keeps for those who signed what they have seen, wipes keys. Accepts
 * one that was only zeroed. The result matters after writing: reason id head.write. */
MUST_CHECK bool office_close(struct office *office, struct error *err);
void office_release(struct office *office); /* office_close() without a result, for AUTO */
#define AUTO_OFFICE AUTO(office_release) struct office

/* What has been committed but not synced in the head may be lost unannounced to rot and a power cut
 * together, so it is at most 100 ms old (design.md 10). There is no thread to wake up: after half
 * that time the next look syncs it. */
#define TIP_SYNC_DUE_MS 50

/* Writes office->tip into head and high-water file; on the disk when it returns, with sync. */
MUST_CHECK bool office_tip_write(struct office *office, bool sync, struct error *err);
/* After each commit: writes the tip, and syncs if the oldest unsynced write is due. */
MUST_CHECK bool office_tip_keep(struct office *office, struct error *err);
/* Before each commit's work: syncs what is due; before `bulk` work, which may take long, whatever
 * is unsynced. */
MUST_CHECK bool office_tip_settle(struct office *office, bool bulk, struct error *err);

/* Threads that check signatures while the door writes. NULL for the first event of an office: most
 * commands have but one, and it would not be worth the start. */
struct signature_pool *office_helpers(struct office *office);

/* The service key folder of the book in this folder; in the arena. */
char *service_folder_of(struct arena *arena, const char *folder);
/* Fills in the paths of an office that has no book yet: for book_init.h. */
void office_paths(struct office *office, const char *folder);

MUST_CHECK bool office_privacy_keys(struct office *office, const struct privacy_keys **ret,
                                    struct error *err);
/* Name of a subject as screens show it: masked unless `clear`; "" if unknown or erased. */
MUST_CHECK bool office_personal(struct office *office, const char *subject,
                                enum personal_field field, bool clear, const char **ret,
                                struct error *err);

#endif
