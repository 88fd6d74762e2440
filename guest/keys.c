#define _GNU_SOURCE
#include "keys.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool has_line(const char *text, const char *line, size_t length) {
  for (const char *at = text; at != NULL && *at != '\0'; at = strchr(at, '\n'), at = at ? at + 1 : NULL)
    if (strncmp(at, line, length) == 0 && (at[length] == '\n' || at[length] == '\0')) return true;
  return false;
}

/* Appends those lines of `text` that `unless` does not have; returns the new end. */
static char *copy_lines(char *to, const char *text, const char *unless) {
  size_t length;
  for (const char *line = text; *line != '\0'; line += length + (line[length] == '\n')) {
    length = strcspn(line, "\n");
    if (length == 0 || has_line(unless, line, length)) continue;
    to = mempcpy(to, line, length);
    *to++ = '\n';
  }
  return to;
}

int authorize_keys(const struct account *user, const char *keys, const char *withdrawn, enum manner manner) {
  char path[PATH_MAX];
  size_t size = 0;
  snprintf(path, sizeof path, "%s/.ssh/authorized_keys", user->home);
  int error = make_parents(path, user->uid, user->gid, 0700);
  if (error != 0) return error;
  char *now = slurp(AT_FDCWD, path, 0, &size);
  if (now == NULL) now = calloc(1, 1);
  char *merged = malloc(strlen(now) + strlen(keys) + 2);
  char *end = copy_lines(merged, now, withdrawn);
  end = copy_lines(end, keys, now);
  error = write_whole(path, merged, (size_t)(end - merged), 0600, user->uid, user->gid, manner);
  free(merged);
  free(now);
  return error;
}
