#define _GNU_SOURCE
#include "machine.h"
#include "writer.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/random.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#ifndef EXT4_IOC_RESIZE_FS
#define EXT4_IOC_RESIZE_FS _IOW('f', 16, uint64_t)
#endif

#define KERNEL_DRIVE "/kernel" /* where the initramfs has room to mount the drive */

int set_time(uint64_t nanoseconds) {
  struct timespec time = {(time_t)(nanoseconds / 1000000000u), (long)(nanoseconds % 1000000000u)};
  return clock_settime(CLOCK_REALTIME, &time) == 0 ? 0 : errno;
}

uint64_t nanoseconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int reseed(const uint8_t *bytes, size_t size) {
  union { struct rand_pool_info info; uint8_t space[sizeof(struct rand_pool_info) + 512]; } pool;
  if (size == 0 || size > 512) return EINVAL;
  pool.info.entropy_count = (int)size * 8;
  pool.info.buf_size = (int)size;
  memcpy(pool.info.buf, bytes, size);
  int fd = open("/dev/urandom", O_RDWR | O_CLOEXEC);
  if (fd < 0) return errno;
  int error = ioctl(fd, RNDADDENTROPY, &pool) != 0 || ioctl(fd, RNDRESEEDCRNG) != 0 ? errno : 0;
  close(fd);
  return error;
}

int sync_all(void) {
  sync();
  return 0;
}

static void unescape(char *path) { /* mountinfo writes a space as \040 */
  char *to = path;
  for (const char *from = path; *from != '\0'; to++) {
    if (from[0] == '\\' && from[1] >= '0' && from[1] <= '3' && from[2] != '\0' && from[3] != '\0') {
      *to = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 + (from[3] - '0'));
      from += 4;
    } else {
      *to = *from++;
    }
  }
  *to = '\0';
}

static bool has_disk(const char *type) {
  static const char *const types[] = {"ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "vfat"};
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (strcmp(type, types[i]) == 0) return true;
  return false;
}

/* Runs the request on each file system once, the last mounted first: one inside another's file must stop before it. */
static int each_disk(unsigned long request) {
  enum { MAX = 64 };
  static char points[MAX][PATH_MAX];
  char devices[MAX][32], line[2 * PATH_MAX];
  int count = 0, error = 0;
  FILE *file = fopen("/proc/self/mountinfo", "re");
  if (file == NULL) return errno;
  while (count < MAX && fgets(line, sizeof line, file) != NULL) {
    char type[32], rights[8];
    const char *tail = strstr(line, " - ");
    if (tail == NULL || sscanf(line, "%*d %*d %31s %*s %4095s", devices[count], points[count]) != 2) continue;
    if (sscanf(tail + 3, "%31s %*s %2s", type, rights) != 2 || strcmp(rights, "rw") != 0 || !has_disk(type)) continue;
    bool seen = false;
    for (int i = 0; i < count; i++) seen = seen || strcmp(devices[i], devices[count]) == 0;
    if (!seen) unescape(points[count++]);
  }
  fclose(file);
  for (int i = count - 1; i >= 0; i--) {
    int fd = open(points[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) continue; /* a bind mount of a file, or hidden under another mount */
    bool nothing_to_do = ioctl(fd, request, 0) == 0 || errno == EOPNOTSUPP || errno == EBUSY || errno == EINVAL;
    if (!nothing_to_do && error == 0) error = errno;
    close(fd);
  }
  return error;
}

int thaw_all(void) { return each_disk(FITHAW); }

int freeze_all(void) {
  int error = each_disk(FIFREEZE);
  if (error != 0) thaw_all();
  return error;
}

int load_modules(char **paths) {
  for (; *paths != NULL; paths++) {
    int fd = open(*paths, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) != 0 && errno != EEXIST)) return errno;
    close(fd);
  }
  return 0;
}

int grow(const char *device, const char *mount_point) {
  uint64_t size;
  struct statfs now;
  int disk = open(device, O_RDONLY | O_CLOEXEC), root = open(mount_point, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (disk < 0 || root < 0 || ioctl(disk, BLKGETSIZE64, &size) != 0 || fstatfs(root, &now) != 0) return errno;
  enum { EXT_MAGIC = 0xEF53 };
  if (now.f_type != EXT_MAGIC) return 0;
  uint64_t blocks = size / (uint64_t)now.f_bsize;
  /* f_blocks leaves out metadata, so it cannot say "full already"; the kernel returns at once when it is. */
  return ioctl(root, EXT4_IOC_RESIZE_FS, &blocks) == 0 ? 0 : errno;
}

/* Writes into `target` where a directory of the image really is, as seen from the initramfs; makes it if it is not there. */
static int find_inside(const char *root, const char *path, char target[2 * PATH_MAX]) {
  /* Links in the image must be followed as the image would, and never lead out of it. */
  int inside = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int back = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (inside < 0 || back < 0 || fchdir(inside) != 0 || chroot(".") != 0) return errno;
  int error = make_parents(path, 0, 0, 0755);
  char real[PATH_MAX];
  if (error == 0 && realpath(path, real) == NULL) error = errno;
  if (fchdir(back) != 0 || chroot(".") != 0) return errno;
  close(inside);
  close(back);
  if (error == 0) snprintf(target, 2 * PATH_MAX, "%s%s", root, real); /* nothing runs that could change it now */
  return error;
}

static int show(const char *part, const char *root, const char *path) {
  char source[64], target[2 * PATH_MAX];
  int error = find_inside(root, path, target);
  if (error != 0) return error;
  snprintf(source, sizeof source, KERNEL_DRIVE "/%s", part);
  return mount(source, target, NULL, MS_BIND, NULL) == 0 ? 0 : errno;
}

int mount_kernel(const char *device, const char *root) {
  static const char *const types[] = {"ext4", "erofs", "squashfs"};
  const unsigned long flags = MS_RDONLY | MS_NOATIME | MS_NODEV | MS_NOSUID;
  struct utsname kernel;
  char modules[sizeof kernel.release + 32];
  if (uname(&kernel) != 0) return errno;
  snprintf(modules, sizeof modules, "/lib/modules/%s/", kernel.release);
  int error = ENODEV;
  for (size_t i = 0; i < sizeof types / sizeof *types && error != 0; i++)
    error = mount(device, KERNEL_DRIVE, types[i], flags, NULL) == 0 ? 0 : errno;
  if (error != 0) return error;
  error = show("modules", root, modules);
  if (error == 0) error = show("boot", root, "/boot/");
  if (umount2(KERNEL_DRIVE, MNT_DETACH) != 0 && error == 0) error = errno;
  return error;
}

int mount_drive(const char *device, const char *root, const char *path, const char *type, bool read_only) {
  char directory[PATH_MAX], target[2 * PATH_MAX];
  snprintf(directory, sizeof directory, "%s/", path);
  int error = find_inside(root, directory, target);
  if (error != 0) return error;
  if (mount(device, target, type, MS_NOATIME | (read_only ? MS_RDONLY : 0), NULL) != 0) return errno;
  if (!read_only) grow(device, target); /* one that stays as it was is of use too */
  return 0;
}
