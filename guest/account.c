#define _GNU_SOURCE
#include "account.h"
#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool parse_id(const char *text, unsigned *id) {
  char *end;
  unsigned long value = strtoul(text, &end, 10);
  if (text[0] < '0' || text[0] > '9' || *end != '\0' || value >= UINT32_MAX) return false;
  *id = (unsigned)value;
  return true;
}

static void copy(char *to, size_t size, const char *from) { snprintf(to, size, "%s", from); }

static void add_groups(struct account *account) {
  FILE *file = fopen("/etc/group", "re");
  if (file == NULL) return;
  for (struct group *group; (group = fgetgrent(file)) != NULL;)
    for (char **member = group->gr_mem; *member != NULL; member++)
      if (strcmp(*member, account->name) == 0 && account->group_count < 64)
        account->groups[account->group_count++] = group->gr_gid;
  fclose(file);
}

bool account_find(const char *user, struct account *account) {
  unsigned id = 0;
  bool numeric = parse_id(user, &id), found = false;
  memset(account, 0, sizeof *account);
  FILE *file = fopen("/etc/passwd", "re");
  if (file != NULL) {
    for (struct passwd *entry; !found && (entry = fgetpwent(file)) != NULL;) {
      if (strcmp(entry->pw_name, user) != 0 && !(numeric && entry->pw_uid == id)) continue;
      found = true;
      account->uid = entry->pw_uid;
      account->gid = entry->pw_gid;
      copy(account->name, sizeof account->name, entry->pw_name);
      copy(account->home, sizeof account->home, entry->pw_dir[0] ? entry->pw_dir : "/");
      copy(account->shell, sizeof account->shell, entry->pw_shell[0] ? entry->pw_shell : "/bin/sh");
    }
    fclose(file);
  }
  if (!found && (numeric || strcmp(user, "root") == 0)) {
    found = true;
    account->uid = account->gid = id;
    copy(account->name, sizeof account->name, user);
    copy(account->home, sizeof account->home, id == 0 ? "/root" : "/");
    copy(account->shell, sizeof account->shell, "/bin/sh");
  }
  account->groups[account->group_count++] = account->gid;
  if (found) add_groups(account);
  return found;
}

static bool group_find(const char *name, gid_t *gid) {
  bool found = false;
  FILE *file = fopen("/etc/group", "re");
  if (file != NULL) {
    for (struct group *group; !found && (group = fgetgrent(file)) != NULL;)
      if (strcmp(group->gr_name, name) == 0) found = true, *gid = group->gr_gid;
    fclose(file);
  }
  return found || parse_id(name, gid) || (strcmp(name, "root") == 0 && (*gid = 0, true));
}

bool owner_find(const char *owner, uid_t *uid, gid_t *gid) {
  char user[128];
  struct account account;
  copy(user, sizeof user, owner);
  char *group = strchr(user, ':');
  if (group != NULL) *group++ = '\0';
  if (!account_find(user, &account)) return false;
  *uid = account.uid;
  *gid = account.gid;
  return group == NULL || group_find(group, gid);
}
