/* Who may log in as a user: the lines of ~/.ssh/authorized_keys. */
#ifndef PLAYHOUSE_KEYS_H
#define PLAYHOUSE_KEYS_H
#include "account.h"
#include "writer.h"

/* Adds the lines of `keys` that are not there, and takes out those of `withdrawn`; all others stay. Returns an errno. */
int authorize_keys(const struct account *user, const char *keys, const char *withdrawn, enum manner manner);
#endif
