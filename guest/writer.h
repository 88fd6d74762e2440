/* Writing a file so that it is either the old one or the whole new one, never half, and never through a symbolic link. */
#ifndef PLAYHOUSE_WRITER_H
#define PLAYHOUSE_WRITER_H
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* IN_PLACE writes over what is there: a lost host may leave half of it. It costs a machine that has just been woken a fraction. */
enum manner { REPLACE, APPEND, IN_PLACE };

struct writer {
  int fd;
  enum manner manner;
  mode_t mode;
  uid_t uid;
  gid_t gid;
  char path[PATH_MAX], temporary[PATH_MAX + 32];
};

/* All return 0 or an errno. Missing parent directories are made, owned like the file.
 * Appending keeps the owner and mode of a file that is already there. */
int writer_open(struct writer *writer, const char *path, mode_t mode, uid_t uid, gid_t gid, enum manner manner);
int writer_write(struct writer *writer, const void *bytes, size_t size);
int writer_commit(struct writer *writer);
void writer_abort(struct writer *writer);

/* The whole of a small regular file, NUL-ended, to be freed; NULL when it is not there. Links are not followed. */
char *slurp(int directory, const char *path, int flags, size_t *size);
int make_parents(const char *path, uid_t uid, gid_t gid, mode_t mode);
int write_whole(const char *path, const void *bytes, size_t size, mode_t mode, uid_t uid, gid_t gid, enum manner manner);
#endif
