#define _GNU_SOURCE
#include "writer.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *slurp(int directory, const char *path, int flags, size_t *size) {
  struct stat stat;
  int fd = openat(directory, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | flags);
  if (fd < 0) return NULL;
  char *text = fstat(fd, &stat) == 0 && S_ISREG(stat.st_mode) ? calloc(1, (size_t)stat.st_size + 1) : NULL;
  *size = 0;
  for (ssize_t got; text != NULL && *size < (size_t)stat.st_size; *size += (size_t)got)
    if ((got = read(fd, text + *size, (size_t)stat.st_size - *size)) <= 0) break;
  close(fd);
  return text;
}

int make_parents(const char *path, uid_t uid, gid_t gid, mode_t mode) {
  char part[PATH_MAX];
  snprintf(part, sizeof part, "%s", path);
  for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    if (mkdir(part, mode) == 0) {
      if (chmod(part, mode) != 0 || lchown(part, uid, gid) != 0) return errno;
    } else if (errno != EEXIST) {
      return errno;
    }
    *slash = '/';
  }
  return 0;
}

/* Opens what is there to be written over; anything but a regular file is not. */
static bool open_in_place(struct writer *w) {
  struct stat stat;
  w->fd = open(w->path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (w->fd >= 0 && fstat(w->fd, &stat) == 0 && S_ISREG(stat.st_mode)) return true;
  if (w->fd >= 0) close(w->fd);
  w->manner = REPLACE;
  return false;
}

static int end_in_place(struct writer *w) {
  struct stat stat;
  off_t size = lseek(w->fd, 0, SEEK_CUR);
  if (size < 0 || fstat(w->fd, &stat) != 0) return errno;
  if (stat.st_size != size && ftruncate(w->fd, size) != 0) return errno;
  if ((stat.st_uid != w->uid || stat.st_gid != w->gid) && fchown(w->fd, w->uid, w->gid) != 0) return errno;
  if ((stat.st_mode & 07777) != w->mode && fchmod(w->fd, w->mode) != 0) return errno;
  return 0;
}

int writer_open(struct writer *w, const char *path, mode_t mode, uid_t uid, gid_t gid, enum manner manner) {
  const char *name = strrchr(path, '/');
  if (path[0] != '/' || name[1] == '\0' || strlen(path) >= sizeof w->path) return EINVAL;
  *w = (struct writer){.fd = -1, .manner = manner, .mode = mode, .uid = uid, .gid = gid};
  snprintf(w->path, sizeof w->path, "%s", path);
  if (manner == IN_PLACE && open_in_place(w)) return 0;
  int error = make_parents(path, uid, gid, 0755);
  if (error != 0) return error;
  snprintf(w->temporary, sizeof w->temporary, "%.*s/.playhouse-XXXXXX", (int)(name - path), path);
  w->fd = mkostemp(w->temporary, O_CLOEXEC);
  return w->fd < 0 ? errno : 0;
}

int writer_write(struct writer *w, const void *bytes, size_t size) {
  const char *at = bytes;
  while (size > 0) {
    ssize_t wrote = write(w->fd, at, size);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return errno;
    at += wrote;
    size -= (size_t)wrote;
  }
  return 0;
}

/* The bytes wait in the temporary file until all are there: a lost host must not leave half an append. */
static int append_all(struct writer *w) {
  struct writer target = {.fd = open(w->path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)};
  bool fresh = target.fd < 0 && errno == ENOENT;
  if (fresh) target.fd = open(w->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (target.fd < 0) return errno;
  int error = 0;
  if (fresh && (fchown(target.fd, w->uid, w->gid) != 0 || fchmod(target.fd, w->mode) != 0)) error = errno;
  char buffer[8192];
  ssize_t size = lseek(w->fd, 0, SEEK_SET) < 0 ? -1 : 0;
  while (error == 0 && size >= 0 && (size = read(w->fd, buffer, sizeof buffer)) > 0)
    error = writer_write(&target, buffer, (size_t)size);
  if (error == 0 && size < 0) error = errno;
  close(target.fd);
  return error;
}

int writer_commit(struct writer *w) {
  int error = 0;
  if (w->manner == APPEND) error = append_all(w);
  else if (w->manner == IN_PLACE) error = end_in_place(w);
  else if (fchown(w->fd, w->uid, w->gid) != 0 || fchmod(w->fd, w->mode) != 0) error = errno;
  else if (rename(w->temporary, w->path) != 0) error = errno;
  if (w->manner == APPEND || (w->manner == REPLACE && error != 0)) unlink(w->temporary);
  close(w->fd);
  w->fd = -1;
  return error;
}

void writer_abort(struct writer *w) {
  if (w->fd < 0) return;
  if (w->manner != IN_PLACE) unlink(w->temporary);
  close(w->fd);
  w->fd = -1;
}

int write_whole(const char *path, const void *bytes, size_t size, mode_t mode, uid_t uid, gid_t gid, enum manner manner) {
  struct writer w;
  int error = writer_open(&w, path, mode, uid, gid, manner);
  if (error != 0) return error;
  error = writer_write(&w, bytes, size);
  if (error != 0) {
    writer_abort(&w);
    return error;
  }
  return writer_commit(&w);
}
