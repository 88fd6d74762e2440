#define _GNU_SOURCE
#include "job.h"
#include "account.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct job jobs[MAX_JOBS];

enum { EXEC_END = 0x7f }; /* last byte of a whole EXEC payload: half a command must never run */
static const char DEFAULT_PATH[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
static const char *const STEPS[] = {"failed", "cannot become the user", "cannot enter the directory", "cannot run the program"};

struct command { uint32_t timeout; char *user, *directory, **arguments, **environment; };

static void reply_error(struct outbox *outbox, uint32_t channel, int error, const char *text, const char *what) {
  uint8_t payload[512];
  write_u32(payload, (uint32_t)error);
  int size = snprintf((char *)payload + 4, sizeof payload - 4, "%s%s%s: %s", text, *what ? " " : "", what, strerror(error));
  outbox_put(outbox, channel, ERROR, payload, 4 + (size > 507 ? 507 : (size_t)size));
}

/* u32 timeout ms, u16 argument count, u16 environment count, then NUL-ended user, directory, arguments, environment. */
static bool parse_command(const struct frame *frame, char *space, struct command *command) {
  if (frame->length < 11 || frame->payload[frame->length - 1] != EXEC_END) return false;
  size_t counts[2] = {frame->payload[4] | (size_t)frame->payload[5] << 8, frame->payload[6] | (size_t)frame->payload[7] << 8};
  size_t size = frame->length - 9;
  memcpy(space, frame->payload + 8, size);
  if (size == 0 || space[size - 1] != '\0' || counts[0] == 0 || counts[0] + counts[1] > size) return false;
  char **strings = calloc(counts[0] + counts[1] + 8, sizeof *strings); /* and the defaults */
  if (strings == NULL) return false;
  command->timeout = read_u32(frame->payload);
  command->user = space;
  char *at = space + strlen(space) + 1, *end = space + size;
  if (at >= end) {
    free(strings);
    return false;
  }
  command->directory = at;
  at += strlen(at) + 1;
  command->arguments = strings;
  command->environment = strings + counts[0] + 1;
  for (size_t i = 0; i < counts[0] + counts[1]; i++, at += strlen(at) + 1) {
    if (at >= end) {
      free(strings);
      return false;
    }
    strings[i < counts[0] ? i : i + 1] = at;
  }
  if (at != end) free(strings);
  return at == end;
}

static void set_default(char **environment, const char *name, const char *value) {
  size_t size = strlen(name), i = 0;
  for (; environment[i] != NULL; i++)
    if (strncmp(environment[i], name, size) == 0 && environment[i][size] == '=') return;
  if (asprintf(&environment[i], "%s=%s", name, value) < 0) environment[i] = NULL;
}

static void write_setting(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  ssize_t ignored = write(fd, text, strlen(text));
  (void)ignored;
  close(fd);
}

static _Noreturn void fail(uint8_t step) {
  uint8_t message[2] = {step, (uint8_t)errno};
  ssize_t ignored = write(3, message, sizeof message);
  (void)ignored;
  _exit(127);
}

static _Noreturn void run_command(const struct command *command, const struct account *account) {
  char **environment = command->environment;
  set_default(environment, "PATH", DEFAULT_PATH + 5);
  set_default(environment, "HOME", account->home);
  set_default(environment, "USER", account->name);
  set_default(environment, "LOGNAME", account->name);
  set_default(environment, "SHELL", account->shell);
  write_setting("/proc/self/oom_score_adj", "0");
  bool change = geteuid() == 0;
  if (change && (setgroups((size_t)account->group_count, account->groups) != 0 || setgid(account->gid) != 0 ||
                 setuid(account->uid) != 0))
    fail(1);
  if (!change && account->uid != getuid()) errno = EPERM, fail(1);
  bool chosen = command->directory[0] != '\0';
  if (chdir(chosen ? command->directory : account->home) != 0 && (chosen || chdir("/") != 0)) fail(2);
  environ = environment;
  execvp(command->arguments[0], command->arguments);
  fail(3);
}

/* Pipes for a new job, close-on-exec and non-blocking on our side. theirs: stdin, stdout, stderr, failure. */
static bool open_pipes(struct job *job, int theirs[4], bool streams) {
  int *ours[4] = {&job->input, &job->output[0], &job->output[1], &job->failure};
  for (int i = 0; i < 4; i++) *ours[i] = theirs[i] = -1;
  for (int i = streams ? 0 : 3; i < 4; i++) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    *ours[i] = ends[i == 0];
    theirs[i] = ends[i != 0];
    fcntl(*ours[i], F_SETFL, O_NONBLOCK);
  }
  return true;
}

static void close_fd(int *fd) {
  if (*fd >= 0) close(*fd);
  *fd = -1;
}

static void enter_child(int theirs[4]) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  signal(SIGPIPE, SIG_DFL);
  setsid();
  for (int i = 0; i < 4; i++) { /* first above the targets, so that no dup2 closes a source */
    if (theirs[i] < 0) theirs[i] = open("/dev/null", O_RDWR | O_CLOEXEC);
    theirs[i] = fcntl(theirs[i], F_DUPFD_CLOEXEC, 16);
  }
  for (int i = 0; i < 4; i++) dup3(theirs[i], i, i == 3 ? O_CLOEXEC : 0);
  close_range(4, ~0U, 0);
}

static struct job *begin(struct outbox *outbox, const struct frame *frame, int theirs[4], bool streams) {
  struct job *job = job_find(frame->channel);
  if (job != NULL) return reply_error(outbox, frame->channel, EEXIST, "this channel has a job already", ""), NULL;
  for (job = jobs; job < jobs + MAX_JOBS && job->used; job++) {}
  if (job == jobs + MAX_JOBS) return reply_error(outbox, frame->channel, EAGAIN, "too many jobs at once", ""), NULL;
  memset(job, 0, sizeof *job);
  job->channel = frame->channel;
  job->request = frame->type;
  if (streams) job->pending = malloc(STDIN_WINDOW);
  bool ready = open_pipes(job, theirs, streams) && (!streams || job->pending != NULL);
  job->pid = ready ? fork() : -1;
  if (job->pid == 0) return job;
  int error = errno;
  for (int i = 0; i < 4; i++) close_fd(&theirs[i]);
  job->used = job->pid > 0;
  if (job->used) return job;
  close_fd(&job->input), close_fd(&job->output[0]), close_fd(&job->output[1]), close_fd(&job->failure);
  free(job->pending);
  return reply_error(outbox, frame->channel, error, "cannot start a process", ""), NULL;
}

void job_exec(struct outbox *outbox, const struct frame *frame, uint64_t now) {
  static char space[MAX_PAYLOAD];
  struct command command = {0};
  struct account account;
  int theirs[4];
  if (!parse_command(frame, space, &command)) return reply_error(outbox, frame->channel, EBADMSG, "malformed EXEC", "");
  struct job *job = NULL;
  if (!account_find(command.user, &account)) reply_error(outbox, frame->channel, ENOENT, "no such user", command.user);
  else job = begin(outbox, frame, theirs, true);
  if (job != NULL && job->pid == 0) {
    enter_child(theirs);
    run_command(&command, &account);
  }
  if (job != NULL && command.timeout > 0) job->deadline = now + command.timeout;
  free(command.arguments);
}

void job_work(struct outbox *outbox, const struct frame *frame, int (*work)(void)) {
  int theirs[4];
  struct job *job = begin(outbox, frame, theirs, false);
  if (job == NULL || job->pid > 0) return;
  enter_child(theirs);
  errno = work();
  if (errno != 0) fail(0);
  _exit(0);
}

struct job *job_find(uint32_t channel) {
  for (struct job *job = jobs; job < jobs + MAX_JOBS; job++)
    if (job->used && !job->discarded && job->channel == channel) return job;
  return NULL;
}

void job_stdin(struct job *job, struct outbox *outbox, const uint8_t *bytes, size_t size) {
  if (job->pending == NULL || job->stdin_ended) return;
  if (job->input < 0) { /* nobody reads it: swallow, and let the host go on */
    uint8_t credit[4];
    write_u32(credit, (uint32_t)size);
    return outbox_put(outbox, job->channel, STDIN_CREDIT, credit, sizeof credit);
  }
  memmove(job->pending, job->pending + job->pending_start, job->pending_end - job->pending_start);
  job->pending_end -= job->pending_start;
  job->pending_start = 0;
  if (size > STDIN_WINDOW - job->pending_end) size = STDIN_WINDOW - job->pending_end;
  memcpy(job->pending + job->pending_end, bytes, size);
  job->pending_end += size;
}

void job_stdin_end(struct job *job) { job->stdin_ended = true; }

void job_kill(struct job *job) {
  if (!job->exited) kill(-job->pid, SIGKILL), kill(job->pid, SIGKILL); /* the group may not exist yet */
}

void job_discard(struct job *job) {
  job->discarded = true;
  job_kill(job);
}

void job_reaped(pid_t pid, int wait_status) {
  for (struct job *job = jobs; job < jobs + MAX_JOBS; job++)
    if (job->used && !job->exited && job->pid == pid) job->exited = true, job->wait_status = wait_status;
}

static void push_stdin(struct job *job, struct outbox *outbox) {
  size_t taken = 0;
  while (job->input >= 0 && job->pending_start < job->pending_end) {
    size_t left = job->pending_end - job->pending_start;
    ssize_t wrote = write(job->input, job->pending + job->pending_start, left);
    if (wrote < 0 && errno == EAGAIN) break;
    if (wrote < 0) close_fd(&job->input), wrote = (ssize_t)left; /* it closed its stdin */
    job->pending_start += (size_t)wrote;
    taken += (size_t)wrote;
  }
  uint8_t credit[4];
  write_u32(credit, (uint32_t)taken);
  if (taken > 0) outbox_put(outbox, job->channel, STDIN_CREDIT, credit, sizeof credit);
  if (job->stdin_ended && job->pending_start == job->pending_end) close_fd(&job->input);
}

static void pull_output(struct job *job, struct outbox *outbox, int stream) {
  static uint8_t bytes[MAX_PAYLOAD];
  int *fd = &job->output[stream];
  while (*fd >= 0 && outbox_has_room(outbox)) {
    ssize_t size = read(*fd, bytes, sizeof bytes);
    if (size > 0) outbox_put(outbox, job->channel, stream == 0 ? STDOUT : STDERR, bytes, (size_t)size);
    else if (size < 0 && errno == EAGAIN && !job->exited) return;
    else close_fd(fd); /* ended, or what it left behind holds the stream open: the command itself is over */
  }
}

static void answer(struct job *job, struct outbox *outbox) {
  uint8_t failure[2], payload[5] = {0};
  int status = job->wait_status;
  if (read(job->failure, failure, 2) == 2) reply_error(outbox, job->channel, failure[1], STEPS[failure[0] % 4], "");
  else if (job->request != EXEC && status == 0) outbox_put(outbox, job->channel, OK, NULL, 0);
  else if (job->request != EXEC) reply_error(outbox, job->channel, EINTR, "interrupted", "");
  else {
    payload[0] = job->timed_out ? 2 : WIFSIGNALED(status);
    write_u32(payload + 1, (uint32_t)(WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status)));
    outbox_put(outbox, job->channel, EXIT, payload, sizeof payload);
  }
}

uint8_t job_progress(struct job *job, struct outbox *outbox, uint64_t now) {
  if (!job->used) return 0;
  if (!job->exited && job->deadline != 0 && now >= job->deadline) {
    job->deadline = 0;
    job->timed_out = true;
    job_kill(job);
  }
  if (!job->discarded) {
    push_stdin(job, outbox);
    pull_output(job, outbox, 0);
    pull_output(job, outbox, 1);
    if (!job->exited || job->output[0] >= 0 || job->output[1] >= 0 || !outbox_has_room(outbox)) return 0;
    if (job->timed_out) kill(-job->pid, SIGKILL); /* what it left in its group */
    answer(job, outbox);
  } else if (!job->exited) {
    return 0;
  }
  close_fd(&job->input), close_fd(&job->output[0]), close_fd(&job->output[1]), close_fd(&job->failure);
  free(job->pending);
  job->used = false;
  return job->discarded ? job->request : 0;
}

size_t job_poll(const struct job *job, const struct outbox *outbox, struct pollfd *fds) {
  size_t count = 0;
  if (!job->used || job->discarded) return 0;
  if (job->input >= 0 && job->pending_start < job->pending_end) fds[count++] = (struct pollfd){job->input, POLLOUT, 0};
  for (int i = 0; i < 2 && outbox_has_room(outbox); i++)
    if (job->output[i] >= 0) fds[count++] = (struct pollfd){job->output[i], POLLIN, 0};
  return count;
}
