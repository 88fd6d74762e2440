#define _GNU_SOURCE
#include "serve.h"
#include "account.h"
#include "frame.h"
#include "job.h"
#include "machine.h"
#include "renew.h"
#include "writer.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NONCE_SIZE = 16, MAX_WRITES = 16, LOOK_AGAIN_MS = 5000, DEFAULT_FREEZE_MS = 10000 };
static const char VERSION[] = "1";

static struct parser parser;
static struct outbox outbox;
static struct { bool used; uint32_t channel; struct writer writer; } writes[MAX_WRITES];
static uint64_t thaw_at; /* monotonic ms, 0: nothing is frozen */
static int signals, listener = -1;

static uint64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void reply(uint32_t channel, int error, const char *text) { outbox_reply(&outbox, channel, error, text); }

static void thaw(void) {
  thaw_at = 0;
  thaw_all();
}

/* A session ends: whatever it had under way goes, so that the next host finds an agent at rest. */
static void end_session(void) {
  for (struct job *job = jobs; job < jobs + MAX_JOBS; job++)
    if (job->used) job_discard(job);
  for (int i = 0; i < MAX_WRITES; i++) {
    if (writes[i].used) writer_abort(&writes[i].writer);
    writes[i].used = false;
  }
  if (thaw_at != 0) thaw();
  outbox_reset(&outbox);
}

static void hello(const struct frame *frame) {
  uint8_t payload[NONCE_SIZE + sizeof VERSION + 64] = {0};
  if (frame->length != NONCE_SIZE) return reply(frame->channel, EBADMSG, "malformed HELLO");
  end_session();
  memcpy(payload, frame->payload, NONCE_SIZE);
  memcpy(payload + NONCE_SIZE, VERSION, sizeof VERSION);
  size_t size = NONCE_SIZE + sizeof VERSION;
  int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
  ssize_t got = fd < 0 ? 0 : read(fd, payload + size, 36);
  if (fd >= 0) close(fd);
  outbox_put(&outbox, frame->channel, READY, payload, size + (got > 0 ? (size_t)got : 0) + 1);
}

/* u32 mode, u8 manner, then NUL-ended path and owner. */
static void write_begin(const struct frame *frame) {
  uid_t uid;
  gid_t gid;
  int free_slot = -1;
  const char *path = (const char *)frame->payload + 5;
  bool whole = frame->length > 7 && frame->payload[frame->length - 1] == '\0';
  const char *owner = whole ? path + strlen(path) + 1 : NULL;
  if (!whole || owner >= (const char *)frame->payload + frame->length)
    return reply(frame->channel, EBADMSG, "malformed WRITE_FILE");
  if (frame->payload[4] > IN_PLACE) return reply(frame->channel, EBADMSG, "unknown manner of writing");
  if (!owner_find(owner, &uid, &gid)) return reply(frame->channel, ENOENT, "no such owner");
  for (int i = 0; i < MAX_WRITES; i++) {
    if (!writes[i].used) free_slot = i;
    else if (writes[i].channel == frame->channel) return reply(frame->channel, EEXIST, "this channel writes a file already");
  }
  if (free_slot < 0) return reply(frame->channel, EAGAIN, "too many files at once");
  int error = writer_open(&writes[free_slot].writer, path, read_u32(frame->payload) & 07777, uid, gid, frame->payload[4]);
  if (error != 0) return reply(frame->channel, error, "cannot write there");
  writes[free_slot].used = true;
  writes[free_slot].channel = frame->channel;
}

/* Data for a write that has failed already is dropped: its ERROR has been sent. */
static void write_more(const struct frame *frame) {
  for (int i = 0; i < MAX_WRITES; i++) {
    if (!writes[i].used || writes[i].channel != frame->channel) continue;
    struct writer *writer = &writes[i].writer;
    bool end = frame->type == WRITE_END;
    int error = end ? writer_commit(writer) : writer_write(writer, frame->payload, frame->length);
    if (error != 0) writer_abort(writer);
    if (end || error != 0) {
      writes[i].used = false;
      reply(frame->channel, error, "cannot write the file");
    }
  }
}

static void dispatch(const struct frame *frame) {
  struct job *job = job_find(frame->channel);
  uint32_t argument = frame->length >= 4 ? read_u32(frame->payload) : 0;
  switch (frame->type) {
    case HELLO: return hello(frame);
    case EXEC: return job_exec(&outbox, frame, now_ms());
    case STDIN: return job == NULL ? (void)0 : job_stdin(job, &outbox, frame->payload, frame->length);
    case STDIN_EOF: return job == NULL ? (void)0 : job_stdin_end(job);
    case KILL: return job == NULL ? (void)0 : job_kill(job);
    case WRITE_FILE: return write_begin(frame);
    case WRITE_DATA:
    case WRITE_END: return write_more(frame);
    case SET_TIME:
      if (frame->length != 8) return reply(frame->channel, EBADMSG, "malformed SET_TIME");
      return reply(frame->channel, set_time(argument | (uint64_t)read_u32(frame->payload + 4) << 32), "cannot set the clock");
    case RESEED: return reply(frame->channel, reseed(frame->payload, frame->length), "cannot seed the random pool");
    case SYNC: return job_work(&outbox, frame, sync_all);
    case FREEZE:
      thaw_at = now_ms() + (argument != 0 ? argument : DEFAULT_FREEZE_MS);
      return job_work(&outbox, frame, freeze_all);
    case REMOVE:
    case EXISTS:
    case GET_TIME:
    case AUTHORIZE: return renew(&outbox, frame);
    case THAW: thaw_at = 0; return reply(frame->channel, thaw_all(), "cannot thaw");
  }
}

static void reap(void) {
  struct signalfd_siginfo info[8];
  while (read(signals, info, sizeof info) > 0) {}
  int status;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) job_reaped(pid, status);
}

/* Everything that does not depend on the host. Returns the next moment something must happen (monotonic ms, 0: none). */
static uint64_t housekeeping(void) {
  uint64_t now = now_ms(), next;
  reap();
  for (struct job *job = jobs; job < jobs + MAX_JOBS; job++)
    if (job_progress(job, &outbox, now) == FREEZE) thaw(); /* it finished freezing after its host had gone */
  if (thaw_at != 0 && now >= thaw_at) thaw();
  next = thaw_at;
  for (struct job *job = jobs; job < jobs + MAX_JOBS; job++)
    if (job->used && job->deadline != 0 && (next == 0 || job->deadline < next)) next = job->deadline;
  return next;
}

static int timeout_until(uint64_t next, int idle) {
  uint64_t now = now_ms();
  if (next == 0) return idle;
  if (next <= now) return 0;
  return next - now < 3600000 ? (int)(next - now) : 3600000;
}

/* Serves one host until it hangs up. */
static void serve_host(int port) {
  static struct pollfd fds[2 + 3 * MAX_JOBS];
  parser_reset(&parser);
  for (;;) {
    uint64_t next = housekeeping();
    if (!outbox_flush(&outbox, port)) return;
    size_t count = 2;
    fds[0] = (struct pollfd){signals, POLLIN, 0};
    fds[1] = (struct pollfd){port, (short)((outbox_has_room(&outbox) ? POLLIN : 0) | (outbox.start < outbox.end ? POLLOUT : 0)), 0};
    for (struct job *job = jobs; job < jobs + MAX_JOBS; job++) count += job_poll(job, &outbox, fds + count);
    if (poll(fds, count, timeout_until(next, -1)) < 0 && errno != EINTR) return;
    if (fds[1].revents & (POLLHUP | POLLERR | POLLNVAL)) return;
    if (!(fds[1].revents & POLLIN)) continue;
    size_t space;
    uint8_t *at = parser_space(&parser, &space);
    ssize_t size = read(port, at, space);
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) return;
    if (size > 0) parser_filled(&parser, (size_t)size);
    for (struct frame frame; parser_next(&parser, &frame);) dispatch(&frame);
  }
}

/* A port without a host reports POLLHUP for ever; the kernel raises SIGIO when one comes. */
static void wait_for_host(int port) {
  for (;;) {
    uint64_t next = housekeeping();
    struct pollfd host = {port, POLLIN, 0}, wake = {signals, POLLIN, 0};
    if (poll(&host, 1, 0) >= 0 && !(host.revents & POLLHUP) && (listener < 0 || host.revents & POLLIN)) return;
    struct pollfd both[2] = {wake, {listener, POLLIN, 0}};
    poll(both, listener < 0 ? 1 : 2, timeout_until(next, LOOK_AGAIN_MS));
  }
}

static int prepare(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  sigaddset(&set, SIGIO);
  sigprocmask(SIG_BLOCK, &set, NULL);
  signal(SIGPIPE, SIG_IGN);
  signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  return signals < 0 ? errno : 0;
}

/* /sys/class/virtio-ports/vportNpM/name holds the name QEMU was given. */
static int open_port(const char *name) {
  char path[512], found[128];
  DIR *ports = opendir("/sys/class/virtio-ports");
  int fd = -1;
  for (struct dirent *entry; ports != NULL && fd < 0 && (entry = readdir(ports)) != NULL;) {
    snprintf(path, sizeof path, "/sys/class/virtio-ports/%s/name", entry->d_name);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = file < 0 ? -1 : read(file, found, sizeof found - 1);
    if (file >= 0) close(file);
    if (size <= 0) continue;
    found[size] = '\0';
    found[strcspn(found, "\n")] = '\0';
    snprintf(path, sizeof path, "/dev/%s", entry->d_name);
    if (strcmp(found, name) == 0) fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  }
  if (ports != NULL) closedir(ports);
  return fd;
}

int serve_port(const char *name) {
  int port = open_port(name);
  if (port < 0) return ENODEV;
  pid_t child = fork();
  if (child != 0) return child < 0 ? errno : 0;
  setsid();
  int null = open("/dev/null", O_RDWR);
  for (int i = 0; i < 3; i++) dup2(null, i);
  if (null > 2) close(null);
  clearenv();
  int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (score >= 0) (void)!write(score, "-1000", 5), close(score);
  int error = prepare();
  if (error != 0) return error;
  fcntl(port, F_SETOWN, getpid());
  fcntl(port, F_SETFL, O_NONBLOCK | O_ASYNC);
  for (;;) {
    wait_for_host(port);
    serve_host(port);
    end_session();
  }
}

int serve_socket(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int error = prepare();
  snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
  listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (error != 0 || listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 1) != 0)
    return errno;
  for (;;) {
    wait_for_host(listener);
    int host = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (host < 0) continue;
    serve_host(host);
    close(host);
    end_session();
  }
}
