/* Users as the root file system knows them: /etc/passwd and /etc/group, read without the C library's name services. */
#ifndef PLAYHOUSE_ACCOUNT_H
#define PLAYHOUSE_ACCOUNT_H
#include <stdbool.h>
#include <sys/types.h>

struct account {
  uid_t uid;
  gid_t gid;
  gid_t groups[64];
  int group_count;
  char name[64], home[256], shell[256];
};

/* By name or number; "root" works without any /etc/passwd. False when there is no such user. */
bool account_find(const char *user, struct account *account);
/* "name", "name:group", "0:0". False when a name is unknown. */
bool owner_find(const char *owner, uid_t *uid, gid_t *gid);
#endif
