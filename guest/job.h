/* A job is one request that takes time: a command (EXEC), or work of the agent itself that may block (SYNC, FREEZE).
 * It runs in a child process, so that the agent always answers. */
#ifndef PLAYHOUSE_JOB_H
#define PLAYHOUSE_JOB_H
#include "frame.h"
#include <poll.h>
#include <sys/types.h>

enum { MAX_JOBS = 64, STDIN_WINDOW = 65536 }; /* the host never has more than the window under way */

struct job {
  bool used, discarded, exited, timed_out, stdin_ended;
  uint8_t request;
  uint32_t channel;
  pid_t pid;
  int wait_status, input, output[2], failure; /* failure: a pipe that carries {step, errno} of a start that failed */
  uint64_t deadline;                          /* monotonic ms, 0 for none */
  size_t pending_start, pending_end;
  uint8_t *pending;
};

extern struct job jobs[MAX_JOBS];

/* Answer on the outbox by themselves: ERROR at once, or EXIT / OK / ERROR when the job ends. */
void job_exec(struct outbox *outbox, const struct frame *frame, uint64_t now);
void job_work(struct outbox *outbox, const struct frame *frame, int (*work)(void));
struct job *job_find(uint32_t channel);
void job_stdin(struct job *job, struct outbox *outbox, const uint8_t *bytes, size_t size);
void job_stdin_end(struct job *job);
void job_kill(struct job *job);
/* Nobody wants its answer any more. */
void job_discard(struct job *job);
/* Takes note of one ended child. */
void job_reaped(pid_t pid, int wait_status);
/* Moves bytes and finishes what has ended. Returns the request of a job that was discarded and is now gone, or 0. */
uint8_t job_progress(struct job *job, struct outbox *outbox, uint64_t now);
/* Adds what the job waits for. */
size_t job_poll(const struct job *job, const struct outbox *outbox, struct pollfd *fds);
#endif
