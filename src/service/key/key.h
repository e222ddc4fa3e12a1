/* SPDX-License-Identifier: MIT
   Keys of submissions: the same one from the same user is the same job, for as
   long as it is held. Only for src/service. */
#ifndef FAX_SERVICE_KEY_KEY_H
#define FAX_SERVICE_KEY_KEY_H

#include "document/document.h"
#include "service/state.h"
#include "store/store.h"

struct submission_key { /* counted; in the index once, and with its job */
  RB_ENTRY(submission_key) by_name;
  struct list link; /* in keys_ended, once the job is over */
  char *user, *key;
  char *number; /* as it was given */
  char source[DIGEST_TEXT];
  DWORD job_id;      /* 0: its submission is under way */
  int64_t ended;     /* wall; 0: the job lives */
  fax_deadline gone; /* in keys_ended since then */
};

RB_PROTOTYPE(key_names, submission_key, by_name, key_order);

/* A submission with a key, before there is a job. */
struct key_claim {
  const char *user, *key, *number;
  char source[DIGEST_TEXT];
};

enum key_answer {
  KEY_NEW,   /* *key_out is held for this submission: key_settle must follow */
  KEY_FOUND, /* *id_out is the job of the first */
  KEY_BUSY   /* the first is under way */
};

/* With the lock. ERROR_ALREADY_EXISTS: it is of another submission. Gives the
   key. */
DWORD key_claim(struct service *s, const struct key_claim *claim,
                enum key_answer *answer_out, struct submission_key **key_out,
                DWORD *id_out);
/* With the lock: the submission came to this job, or, with 0, to nothing, and
   the key is free. Tells who waits. */
void key_settle(struct service *s, struct submission_key *k, DWORD job_id);
/* With the lock: its job is over; from now on it is held for so long only. */
void key_end(struct service *s, struct submission_key *k, int64_t ended);

/* Borrows the texts of the key. */
struct store_key key_row(const struct submission_key *k);
/* At the start: it is there again, with its job if that lives. */
DWORD key_load(struct service *s, const struct store_key *row);
/* At the end of the service. */
void key_free_all(struct service *s);

#endif
