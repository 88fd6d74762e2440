#define _GNU_SOURCE
#include "program.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DETACHED = 1, RUN_HEADER = 5, OUTPUT_SIZE = 65536, MOST_LEFT = 16 /* pieces of output: more does not fit into a pipe */ };

struct request { bool detached; char *folder, *output, **arguments, **settings; size_t text_at; };

static void close_fd(int *fd) {
  if (*fd >= 0) close(*fd);
  *fd = -1;
}

/* Cuts a payload into words, in place. `words` must be freed, and holds all of them. */
static bool parse(const struct frame *frame, struct request *request, char ***words) {
  if (frame->length < RUN_HEADER) return false;
  const uint8_t *head = frame->payload;
  size_t arguments = head[1] | (size_t)head[2] << 8, settings = head[3] | (size_t)head[4] << 8;
  char *at = (char *)frame->payload + RUN_HEADER, *end = (char *)frame->payload + frame->length;
  char **list = *words = calloc(arguments + settings + 4, sizeof *list);
  if (list == NULL || arguments == 0) return false;
  for (size_t i = 0; i < 2 + arguments + settings; i++) {
    char *stop = memchr(at, '\0', (size_t)(end - at));
    if (stop == NULL) return false;
    list[i < 2 + arguments ? i : i + 1] = at; /* a NULL ends the arguments */
    at = stop + 1;
  }
  *request = (struct request){head[0] & DETACHED, list[0], list[1], list + 2, list + 3 + arguments, (size_t)(at - (char *)frame->payload)};
  return true;
}

/* Runs in the memory of the launcher, which stands still until there is another program in its place: changes nothing of it. */
static _Noreturn void become(const struct request *request, const int theirs[3], volatile int *failure) {
  static const sigset_t none;
  if (request->detached) setsid();
  else setpgid(0, 0), prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigprocmask(SIG_SETMASK, &none, NULL);
  for (int i = 0; i < 3; i++) dup2(theirs[i], i);
  if (request->folder[0] == '\0' || chdir(request->folder) == 0) execvpe(request->arguments[0], request->arguments, environ);
  *failure = errno;
  _exit(127);
}

/* The settings hold for the program alone. */
static pid_t begin(const struct request *request, const int theirs[3], volatile int *failure) {
  char **inherited = environ;
  size_t count = 0, more = 0;
  while (inherited[count] != NULL) count++;
  while (request->settings[more] != NULL) more++;
  char **own = calloc(count + more + 1, sizeof *own);
  if (own == NULL) return -1;
  memcpy(own, request->settings, more * sizeof *own);
  size_t size = more;
  for (char **each = inherited; *each != NULL; each++) {
    size_t name = strcspn(*each, "="), i = 0;
    while (i < more && strncmp(own[i], *each, name + 1) != 0) i++;
    if (i == more) own[size++] = *each;
  }
  environ = own;
  pid_t pid = vfork();
  if (pid == 0) become(request, theirs, failure);
  environ = inherited;
  free(own);
  return pid;
}

/* Their ends are 0, 1 and 2 of the program; ours do not block. */
static bool open_streams(struct program *program, const struct request *request, bool input, int theirs[3]) {
  if (request->detached) {
    theirs[1] = open(request->output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    theirs[2] = theirs[1] < 0 ? -1 : fcntl(theirs[1], F_DUPFD_CLOEXEC, 3);
    if (theirs[2] < 0) return false;
  }
  if (!input && (theirs[0] = open("/dev/null", O_RDONLY | O_CLOEXEC)) < 0) return false;
  int *ours[3] = {&program->input, &program->streams[0], &program->streams[1]};
  for (int i = 0; i < 3; i++) {
    int ends[2];
    if (theirs[i] >= 0) continue;
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    *ours[i] = ends[i == 0];
    theirs[i] = ends[i != 0];
    fcntl(*ours[i], F_SETFL, O_NONBLOCK);
  }
  return true;
}

static struct program *start(struct program *program, const struct frame *frame, const struct request *request) {
  int theirs[3] = {-1, -1, -1};
  volatile int failure = 0;
  program->text_at = request->text_at;
  program->text_end = frame->length;
  bool ready = open_streams(program, request, program->text_at < program->text_end, theirs);
  program->pid = ready ? begin(request, theirs, &failure) : -1;
  if (program->pid < 0) failure = errno;
  for (int i = 0; i < 3; i++) close_fd(&theirs[i]);
  uint8_t number[4];
  write_u32(number, failure == 0 ? (uint32_t)program->pid : (uint32_t)failure);
  frame_write(program->channel, failure == 0 ? STARTED : FAILED, number, sizeof number);
  if (failure == 0) return program;
  if (program->pid > 0) waitpid(program->pid, NULL, 0);
  program_free(program);
  return NULL;
}

struct program *program_start(const struct frame *frame) {
  struct request request;
  char **words = NULL;
  struct program *program = calloc(1, sizeof *program);
  if (program == NULL || !parse(frame, &request, &words)) {
    uint8_t number[4];
    write_u32(number, program == NULL ? ENOMEM : EBADMSG);
    frame_write(frame->channel, FAILED, number, sizeof number);
    free(program);
    free(frame->payload);
    program = NULL;
  } else {
    *program = (struct program){.channel = frame->channel, .detached = request.detached, .input = -1, .streams = {-1, -1}, .text = frame->payload};
    program = start(program, frame, &request);
  }
  free(words);
  return program;
}

void program_signal(const struct program *program, int number) {
  if (!program->exited) kill(-program->pid, number);
}

static void push_input(struct program *program) {
  while (program->input >= 0 && program->text_at < program->text_end) {
    ssize_t wrote = write(program->input, program->text + program->text_at, program->text_end - program->text_at);
    if (wrote < 0 && errno == EAGAIN) return;
    program->text_at = wrote < 0 ? program->text_end : program->text_at + (size_t)wrote; /* it may not want the rest */
  }
  close_fd(&program->input);
}

static void pull_output(struct program *program, int stream) {
  static uint8_t bytes[OUTPUT_SIZE];
  int *fd = &program->streams[stream];
  /* One piece a turn, so that others get theirs. Of one that has ended all is there; what it left behind may hold the stream open. */
  for (int turn = 0; *fd >= 0 && turn < (program->exited ? MOST_LEFT : 1); turn++) {
    ssize_t size = read(*fd, bytes, sizeof bytes);
    if (size > 0) frame_write(program->channel, stream == 0 ? OUTPUT : ERRORS, bytes, (size_t)size);
    else if (size == 0 || errno != EAGAIN || program->exited) close_fd(fd);
  }
  if (program->exited) close_fd(fd);
}

void program_move(struct program *program) {
  push_input(program);
  pull_output(program, 0);
  pull_output(program, 1);
  if (!program_over(program)) return;
  bool killed = WIFSIGNALED(program->status);
  uint8_t end[2] = {killed, (uint8_t)(killed ? WTERMSIG(program->status) : WEXITSTATUS(program->status))};
  frame_write(program->channel, ENDED, end, sizeof end);
}

bool program_over(const struct program *program) {
  return program->exited && program->streams[0] < 0 && program->streams[1] < 0;
}

void program_free(struct program *program) {
  close_fd(&program->input);
  for (int i = 0; i < 2; i++) close_fd(&program->streams[i]);
  free(program->text);
  free(program);
}

size_t program_poll(const struct program *program, struct pollfd *fds) {
  size_t count = 0;
  if (program->input >= 0) fds[count++] = (struct pollfd){program->input, POLLOUT, 0};
  for (int i = 0; i < 2; i++)
    if (program->streams[i] >= 0) fds[count++] = (struct pollfd){program->streams[i], POLLIN, 0};
  return count;
}
