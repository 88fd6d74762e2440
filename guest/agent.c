/* The guest agent: one small static program that lives in a machine's memory, whatever the image is.
 * The initramfs calls its commands; `agent serve` then stays and answers the host over virtio-serial.
 * It must never depend on a file of the image, and never keep one open. */
#include "apply.h"
#include "machine.h"
#include "serve.h"
#include "tsc.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

static int report(const char *command, int error) {
  if (error != 0) fprintf(stderr, "playhouse: error: agent %s: %s\n", command, strerror(error));
  return error == 0 ? 0 : 1;
}

int main(int count, char **words) {
  const char *command = count > 1 ? words[1] : "";
  if (strcmp(command, "serve") == 0 && count == 3) return report(command, serve_port(words[2]));
  if (strcmp(command, "serve-socket") == 0 && count == 3) return report(command, serve_socket(words[2]));
  if (strcmp(command, "apply") == 0 && count == 4) return apply(words[2], words[3]) == 0 ? 0 : 1;
  if (strcmp(command, "grow") == 0 && count == 4) return report(command, grow(words[2], words[3]));
  if (strcmp(command, "load") == 0 && count >= 3) return report(command, load_modules(words + 2));
  if (strcmp(command, "kernel") == 0 && count == 4) return report(command, mount_kernel(words[2], words[3]));
  if (strcmp(command, "mount") == 0 && count == 7)
    return report(command, mount_drive(words[2], words[3], words[4], words[5], strcmp(words[6], "ro") == 0));
  if (strcmp(command, "tsc-khz") == 0 && count == 2) return report(command, print_tsc_khz());
  fputs("usage: agent serve PORT | serve-socket PATH | load FILE... | apply CONFIG ROOT | grow DEVICE MOUNT | "
        "kernel DEVICE ROOT | mount DEVICE ROOT PATH TYPE ro|rw | tsc-khz\n", stderr);
  return 2;
}
