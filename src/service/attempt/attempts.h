/* SPDX-License-Identifier: MIT
   Attempts: beginning, recording, judging, deciding. A part of state.h, by
   which it is included. */
#ifndef FAX_SERVICE_ATTEMPT_ATTEMPTS_H
#define FAX_SERVICE_ATTEMPT_ATTEMPTS_H

/* With others, which are borrowed, or NULL: the job is the first of them. */
DWORD attempt_begin_send(struct service *s, struct job *j, struct port *p,
                         struct bundle *others);
DWORD attempt_begin_receive(struct service *s, struct port *p);
extern const struct provider_events attempt_events;
/* With the lock; gives the operation to be aborted outside it, or NULL. */
struct fax_op *attempt_ask_abort(struct attempt *a, const char *cause);
/* The same of a call whose job has all its pages, and which must not come to
   those of the next (hangs_up). */
struct fax_op *attempt_hang_up(struct attempt *a);
/* The provider did not end what it was asked to end: the operation is over for
   the service, the port out of use until the provider comes back. Lets go of
   the lock meanwhile. */
void attempt_kill(struct service *s, struct attempt *a, const char *cause);
void attempt_progress(struct attempt *a, const struct fax_progress *p);
/* Into the job's list; the time line is that of `last`, which may be NULL. */
DWORD attempt_record(struct attempt *a, const struct fax_progress *last);
/* FS_COMPLETED, and fewer pages confirmed than there are. */
bool attempt_contradicts(const struct attempt *a);
/* Of which no more is known. */
struct fax_attempt attempt_blank(DWORD number, DWORD device_id);
/* What a crash now would leave in doubt: a page, 0: none, FAX_UNKNOWN. */
DWORD attempt_doubt(const struct attempt *a);
/* `what` happened, with this page in doubt; gives a sentence, NULL: no memory.
 */
char *doubt_sentence(const char *what, DWORD page, bool held);
/* A job that was left in doubt is not sent again by itself. */
bool doubt_holds(const struct service *s, const struct job *j);
/* Copies of the record at the end of the job's list, or in the place of one. */
DWORD attempt_append(struct job *j, const struct fax_attempt *record);
DWORD attempt_replace(struct job *j, DWORD at,
                      const struct fax_attempt *record);
DWORD attempt_port_status(DWORD fs_status); /* FS_ to FPS_ (PORT-47) */
DWORD attempt_event_id(DWORD fs_status);    /* FS_ to FEI_ */
/* What the policy goes by: the rules of now, the job. */
struct policy_rules judge_rules(const struct service *s);
struct policy_job judge_view(const struct job *j);
/* What the call may use (docs/policy.md). */
struct policy_transport attempt_transport(const struct service *s,
                                          const struct job *j);
/* With the lock: why the call of a sending job ended, and what is made of it
   next, into the attempt and its record. */
void attempt_judge(struct attempt *a, struct fax_attempt *record);
/* With the lock, after that: what it teaches of its number. */
void attempt_learn(struct attempt *a);
/* With the lock: a job that failed is tried again or given up; the event is
   that of the attempt, which ended then. */
void attempt_apply(struct service *s, struct job *j,
                   const struct policy_decision *decision, DWORD event_id,
                   struct port *p, fax_deadline since);
/* With the lock: what becomes of a sending job after its attempt, as judged;
   gives a document to drop outside the lock, or NULL. */
struct document *attempt_decide(struct attempt *a);

#endif
