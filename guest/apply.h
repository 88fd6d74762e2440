/* Writes what the config drive says into the root file system (docs/guest-agent.md lists the tree). */
#ifndef PLAYHOUSE_APPLY_H
#define PLAYHOUSE_APPLY_H
/* Reports each problem as one line on stderr; returns how many there were. Changes this process's root to `root`. */
int apply(const char *config_directory, const char *root);
#endif
