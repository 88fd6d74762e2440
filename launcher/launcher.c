/* Starts programs for the engine. A process that starts another copies the table of its own memory first; the engine's is of hundreds
 * of megabytes, which costs it 10 ms and more each time, and this one's is of next to none.
 * It lives as long as the engine: once that is gone, it ends what it started, but for what was to be detached. What it started ends with
 * it also when it is killed. */
#define _GNU_SOURCE
#include "program.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { GRACE_SECONDS = 2 };

static struct program *programs;
static sigset_t children;

static void reap(void) {
  int status;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
    for (struct program *each = programs; each != NULL; each = each->next)
      if (each->pid == pid && !each->exited) each->exited = true, each->status = status;
}

static bool any_attached(void) {
  for (struct program *each = programs; each != NULL; each = each->next)
    if (!each->detached && !each->exited) return true;
  return false;
}

/* The engine is gone. */
static _Noreturn void end(void) {
  for (struct program *each = programs; each != NULL; each = each->next)
    if (!each->detached) program_signal(each, SIGTERM);
  struct timespec until, now, moment = {0, 50 * 1000 * 1000};
  clock_gettime(CLOCK_MONOTONIC, &until);
  do {
    reap();
    if (!any_attached()) break;
    sigtimedwait(&children, NULL, &moment);
    clock_gettime(CLOCK_MONOTONIC, &now);
  } while (now.tv_sec < until.tv_sec + GRACE_SECONDS || (now.tv_sec == until.tv_sec + GRACE_SECONDS && now.tv_nsec < until.tv_nsec));
  for (struct program *each = programs; each != NULL; each = each->next)
    if (!each->detached) program_signal(each, SIGKILL);
  _exit(0);
}

static void obey(void) {
  struct frame frame;
  if (!frame_read(&frame)) end();
  if (frame.type == RUN) {
    struct program *program = program_start(&frame);
    if (program == NULL) return;
    program->next = programs;
    programs = program;
    return;
  }
  for (struct program *each = programs; each != NULL; each = each->next)
    if (frame.type == SIGNAL && frame.length == 1 && each->channel == frame.channel) program_signal(each, frame.payload[0]);
  free(frame.payload);
}

static void move(void) {
  for (struct program **at = &programs; *at != NULL;) {
    struct program *each = *at;
    program_move(each);
    if (program_over(each)) *at = each->next, program_free(each);
    else at = &each->next;
  }
}

int main(void) {
  /* Whatever a terminal sends is for the engine; programs begin without the mask. */
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  int signals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals < 0 || fcntl(ENGINE, F_SETFD, FD_CLOEXEC) != 0 || fcntl(ENGINE, F_SETFL, 0) != 0) return 1;
  close_range((unsigned)(signals > ENGINE ? signals : ENGINE) + 1, ~0U, 0);
  for (;;) {
    size_t most = 2, count = 2;
    for (struct program *each = programs; each != NULL; each = each->next) most += MAX_FDS;
    struct pollfd fds[most];
    fds[0] = (struct pollfd){ENGINE, POLLIN, 0};
    fds[1] = (struct pollfd){signals, POLLIN, 0};
    for (struct program *each = programs; each != NULL; each = each->next) count += program_poll(each, fds + count);
    if (poll(fds, count, -1) < 0 && errno != EINTR) return 1;
    struct signalfd_siginfo info[8];
    while (read(signals, info, sizeof info) > 0) {}
    reap();
    if (fds[0].revents != 0) obey();
    move();
  }
}
