#define _GNU_SOURCE
#include "apply.h"
#include "account.h"
#include "keys.h"
#include "writer.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static int problems, config;

static void problem(const char *what, const char *name, const char *why) {
  fprintf(stderr, "playhouse: error: %s %s: %s\n", what, name, why);
  problems++;
}

static void check(int error, const char *what, const char *name) {
  if (error != 0) problem(what, name, strerror(error));
}

static void install(const char *name, const char *path, mode_t mode) {
  size_t size;
  char *text = slurp(config, name, 0, &size);
  if (text != NULL) check(write_whole(path, text, size, mode, 0, 0, REPLACE), "cannot write", path);
  free(text);
}

/* Adds the lines for the drives to what the image has; what people write there later is theirs. */
static void apply_fstab(void) {
  size_t size;
  struct writer writer;
  char *lines = slurp(config, "fstab", 0, &size);
  if (lines == NULL) return;
  int error = writer_open(&writer, "/etc/fstab", 0644, 0, 0, APPEND);
  if (error == 0 && (error = writer_write(&writer, lines, size)) != 0) writer_abort(&writer);
  if (error == 0) error = writer_commit(&writer);
  check(error, "cannot write", "/etc/fstab");
  free(lines);
}

static void apply_hostname(void) {
  size_t size;
  char *text = slurp(config, "hostname", 0, &size);
  if (text != NULL && sethostname(text, strcspn(text, "\n")) != 0) problem("cannot set hostname", text, strerror(errno));
  free(text);
  install("hostname", "/etc/hostname", 0644);
}

/* Two machines must never share an id; one that has its own keeps it. */
static void apply_machine_id(void) {
  size_t size = 0;
  unsigned char bytes[16];
  char id[34], *now = slurp(AT_FDCWD, "/etc/machine-id", 0, &size);
  bool fresh = now == NULL || size < 32;
  free(now);
  if (faccessat(config, "machine-id", F_OK, 0) == 0) return install("machine-id", "/etc/machine-id", 0444);
  if (!fresh || getrandom(bytes, sizeof bytes, 0) != sizeof bytes) return;
  for (int i = 0; i < 16; i++) sprintf(id + 2 * i, "%02x", bytes[i]);
  id[32] = '\n';
  check(write_whole("/etc/machine-id", id, 33, 0444, 0, 0, REPLACE), "cannot write", "/etc/machine-id");
}

/* The key with which the user opens the other machines. One that is there already is the user's own affair. */
static void install_identity(const char *name, const struct account *user) {
  static const struct { const char *name; mode_t mode; } halves[] = {{"id_ed25519", 0600}, {"id_ed25519.pub", 0644}};
  char path[512], from[128];
  snprintf(path, sizeof path, "%s/.ssh/id_ed25519", user->home);
  if (faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0) return;
  for (size_t i = 0; i < 2; i++) {
    size_t size;
    snprintf(from, sizeof from, "users/%s/%s", name, halves[i].name);
    snprintf(path, sizeof path, "%s/.ssh/%s", user->home, halves[i].name);
    char *text = slurp(config, from, 0, &size);
    if (text == NULL) return;
    int error = make_parents(path, user->uid, user->gid, 0700);
    if (error == 0) error = write_whole(path, text, size, halves[i].mode, user->uid, user->gid, REPLACE);
    check(error, "cannot write", path);
    free(text);
  }
}

static void apply_user(const char *name, bool first) {
  char path[512];
  size_t size;
  struct account user;
  if (!account_find(name, &user)) return problem("user", name, "not in the image's /etc/passwd");
  snprintf(path, sizeof path, "users/%s/authorized_keys", name);
  char *keys = slurp(config, path, 0, &size);
  snprintf(path, sizeof path, "users/%s/withdrawn_keys", name);
  char *withdrawn = slurp(config, path, 0, &size);
  if (keys != NULL) check(authorize_keys(&user, keys, withdrawn ? withdrawn : "", REPLACE), "cannot write the keys of", name);
  free(keys);
  free(withdrawn);
  if (first) install_identity(name, &user);
  snprintf(path, sizeof path, "users/%s/welcome", name);
  char *welcome = first ? slurp(config, path, 0, &size) : NULL;
  snprintf(path, sizeof path, "%s/.welcome", user.home);
  if (welcome != NULL) check(write_whole(path, welcome, size, 0644, user.uid, user.gid, REPLACE), "cannot write", path);
  free(welcome);
}

/* meta: "path\nowner\noctal mode\nappend 0|1\n". Paths hold no newline. */
static void apply_file(const char *name) {
  char where[300], *field[4];
  size_t size;
  uid_t uid;
  gid_t gid;
  snprintf(where, sizeof where, "files/%s/meta", name);
  char *meta = slurp(config, where, 0, &size), *rest = meta;
  for (int i = 0; i < 4; i++)
    if ((field[i] = rest != NULL ? strsep(&rest, "\n") : NULL) == NULL) return problem("startup file", name, "bad meta");
  snprintf(where, sizeof where, "files/%s/content", name);
  char *content = slurp(config, where, 0, &size);
  struct writer writer;
  if (content == NULL) return problem("startup file", field[0], "no content");
  if (!owner_find(field[1], &uid, &gid)) return problem("owner of startup file", field[0], "not in the image");
  int error = writer_open(&writer, field[0], (mode_t)strtoul(field[2], NULL, 8) & 07777, uid, gid, field[3][0] == '1' ? APPEND : REPLACE);
  if (error == 0 && (error = writer_write(&writer, content, size)) != 0) writer_abort(&writer);
  if (error == 0) error = writer_commit(&writer);
  check(error, "cannot write startup file", field[0]);
  free(content);
  free(meta);
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static size_t list(const char *directory, char *names[], size_t max) {
  size_t count = 0;
  int fd = openat(config, directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *entries = fd < 0 ? NULL : fdopendir(fd);
  for (struct dirent *entry; entries != NULL && count < max && (entry = readdir(entries)) != NULL;)
    if (entry->d_name[0] != '.') names[count++] = strdup(entry->d_name);
  if (entries != NULL) closedir(entries);
  qsort(names, count, sizeof *names, by_name);
  return count;
}

/* Startup files, welcome texts and lines of fstab are written once per startup-id, so that a reboot neither appends again nor
 * undoes edits. */
static bool is_first_time(void) {
  size_t size, was;
  char *id = slurp(config, "startup-id", 0, &size), *done = slurp(AT_FDCWD, "/var/lib/playhouse/startup-id", 0, &was);
  bool first = id == NULL || done == NULL || strcmp(id, done) != 0;
  free(id);
  free(done);
  return first;
}

int apply(const char *config_directory, const char *root) {
  char *names[256];
  config = open(config_directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (config < 0) return problem("cannot open", config_directory, strerror(errno)), problems;
  if (chroot(root) != 0 || chdir("/") != 0) return problem("cannot enter", root, strerror(errno)), problems;
  umask(0);
  bool first = is_first_time();
  apply_hostname();
  apply_machine_id();
  install("hosts", "/etc/hosts", 0644);
  install("resolv.conf", "/etc/resolv.conf", 0644);
  if (first) apply_fstab();
  install("ssh/ssh_host_ed25519_key", "/etc/ssh/ssh_host_ed25519_key", 0600);
  install("ssh/ssh_host_ed25519_key.pub", "/etc/ssh/ssh_host_ed25519_key.pub", 0644);
  install("ssh/ssh_known_hosts2", "/etc/ssh/ssh_known_hosts2", 0644);
  size_t count = list("users", names, 256);
  for (size_t i = 0; i < count; i++) apply_user(names[i], first);
  count = first ? list("files", names, 256) : 0;
  for (size_t i = 0; i < count; i++) apply_file(names[i]);
  if (first && problems == 0) install("startup-id", "/var/lib/playhouse/startup-id", 0644);
  return problems;
}
