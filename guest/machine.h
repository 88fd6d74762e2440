/* What the agent does to the machine as a whole: clock, random pool, file systems. All return 0 or an errno. */
#ifndef PLAYHOUSE_MACHINE_H
#define PLAYHOUSE_MACHINE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The wall clock, in nanoseconds since 1970. */
uint64_t nanoseconds_now(void);
int set_time(uint64_t nanoseconds);
int reseed(const uint8_t *bytes, size_t size);
int sync_all(void);
/* Flushes and blocks writes on every writable file system that has a disk; all or none. */
int freeze_all(void);
int thaw_all(void);

/* Commands for the initramfs. */
int load_modules(char **paths);
int grow(const char *device, const char *mount_point);
int mount_kernel(const char *device, const char *root);
/* Mounts a drive at a path of the root, and lets an ext4 fill it. */
int mount_drive(const char *device, const char *root, const char *path, const char *type, bool read_only);
#endif
