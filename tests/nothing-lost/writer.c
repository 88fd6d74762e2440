/* What a machine of these tests does: it writes numbered, checksummed records, in turns to its root and its data drive, syncs each,
 * and only then tells its number to whoever is connected on port 4000. A client that sends `c` gets what is on the drives now,
 * read past the page cache: `checked HIGHEST ok`, or `checked HIGHEST` and what is wrong. The files are rings, so they do not grow. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SLOTS = 1024, CLIENTS = 8, PAUSE_MS = 25, PORT = 4000 };

struct record {
  uint64_t number;
  uint64_t checksum;
  uint64_t fill[62];
};

static const char *const paths[2] = {"/records", "/data/records"};
static struct record *slots[2];
static struct pollfd sockets[1 + CLIENTS];

static void die(const char *what) {
  fprintf(stderr, "writer: %s: %s\n", what, strerror(errno));
  sleep(1);
  exit(1);
}

static struct record made_of(uint64_t number) {
  struct record record = {.number = number, .checksum = 0xcbf29ce484222325};
  uint64_t state = number * 0x9e3779b97f4a7c15 + 1;
  for (int i = 0; i < 62; i++) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    record.fill[i] = state;
    record.checksum = (record.checksum ^ state) * 0x100000001b3;
  }
  return record;
}

static void read_all(void) {
  for (int file = 0; file < 2; file++) {
    int fd = open(paths[file], O_RDONLY | O_DIRECT);
    if (fd < 0) die(paths[file]);
    size_t size = SLOTS * sizeof(struct record), done = 0;
    while (done < size) {
      ssize_t got = pread(fd, (char *)slots[file] + done, size - done, (off_t)done);
      if (got <= 0) die("read");
      done += (size_t)got;
    }
    close(fd);
  }
}

/* The slot's number when it is sound, 0 when nothing was ever written there, -1 when it is neither. */
static int64_t number_in(uint64_t slot) {
  const struct record *found = &slots[slot & 1][slot];
  if (found->number == 0 && found->checksum == 0) return 0;
  struct record sound = made_of(found->number);
  if (found->number % SLOTS != slot || memcmp(found, &sound, sizeof sound) != 0) return -1;
  return (int64_t)found->number;
}

/* Gives the highest number; what is wrong goes into `problem`. The record after it may be half there: nobody was told of it. */
static uint64_t check(char *problem, size_t size) {
  read_all();
  int64_t highest = 0;
  for (uint64_t slot = 0; slot < SLOTS; slot++)
    if (number_in(slot) > highest) highest = number_in(slot);
  snprintf(problem, size, "ok");
  int64_t first = highest - SLOTS + 2 > 1 ? highest - SLOTS + 2 : 1;
  for (int64_t number = first; number <= highest; number++) {
    int64_t found = number_in((uint64_t)number % SLOTS);
    if (found == number) continue;
    snprintf(problem, size, "record %lld on %s: %s %lld", (long long)number, paths[number & 1],
             found < 0 ? "broken" : "found instead", (long long)found);
    break;
  }
  return (uint64_t)highest;
}

static void tell(int client, const char *line) {
  if (sockets[client].fd < 0) return;
  if (send(sockets[client].fd, line, strlen(line), MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return;
  close(sockets[client].fd);
  sockets[client].fd = -1;
}

static void take_in(void) {
  int fd = accept4(sockets[0].fd, NULL, NULL, SOCK_CLOEXEC);
  if (fd < 0) return;
  for (int client = 1; client <= CLIENTS; client++)
    if (sockets[client].fd < 0) {
      sockets[client].fd = fd;
      return;
    }
  close(fd);
}

static void answer(int client) {
  char question[64], line[160], problem[100];
  ssize_t got = recv(sockets[client].fd, question, sizeof question, MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) {
    close(sockets[client].fd);
    sockets[client].fd = -1;
    return;
  }
  uint64_t highest = check(problem, sizeof problem);
  snprintf(line, sizeof line, "checked %llu %s\n", (unsigned long long)highest, problem);
  tell(client, line);
}

static int opened(const char *path) {
  int fd = open(path, O_RDWR | O_CREAT, 0600);
  if (fd < 0 || ftruncate(fd, SLOTS * sizeof(struct record)) != 0 || fsync(fd) != 0) die(path);
  return fd;
}

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  int files[2];
  for (int file = 0; file < 2; file++) {
    files[file] = opened(paths[file]);
    if (posix_memalign((void **)&slots[file], 4096, SLOTS * sizeof(struct record)) != 0) die("memory");
  }
  sync();
  char problem[100];
  uint64_t next = check(problem, sizeof problem) + 1;
  printf("writer: goes on with %llu, %s\n", (unsigned long long)next, problem);
  fflush(stdout);
  for (int client = 0; client <= CLIENTS; client++) sockets[client] = (struct pollfd){.fd = -1, .events = POLLIN};
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(PORT)};
  sockets[0].fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int yes = 1;
  setsockopt(sockets[0].fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(sockets[0].fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(sockets[0].fd, 8) != 0) die("listen");
  /* What is broken is not written over: it shall be found by whoever asks. */
  int sound = strcmp(problem, "ok") == 0;
  for (;;) {
    poll(sockets, 1 + CLIENTS, PAUSE_MS);
    if (sockets[0].revents & POLLIN) take_in();
    for (int client = 1; client <= CLIENTS; client++)
      if (sockets[client].fd >= 0 && sockets[client].revents != 0) answer(client);
    if (!sound) continue;
    struct record record = made_of(next);
    uint64_t slot = next % SLOTS;
    int file = files[slot & 1];
    if (pwrite(file, &record, sizeof record, (off_t)(slot * sizeof record)) != sizeof record) die("write");
    if (fdatasync(file) != 0) die("sync");
    char line[32];
    snprintf(line, sizeof line, "%llu\n", (unsigned long long)next++);
    for (int client = 1; client <= CLIENTS; client++) tell(client, line);
  }
}
