/* eBPF as a user of a machine would have it: a map, a program that the verifier passes and the JIT compiles, attached to an
 * interface as XDP. Sends itself datagrams over loopback and prints how many the program counted and dropped. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  return 1;
}

static int bpf(int command, union bpf_attr *attr) { return (int)syscall(SYS_bpf, command, attr, sizeof *attr); }

int main(void) {
  union bpf_attr attr = {0};
  attr.map_type = BPF_MAP_TYPE_ARRAY;
  attr.key_size = 4;
  attr.value_size = 8;
  attr.max_entries = 1;
  int map = bpf(BPF_MAP_CREATE, &attr);
  if (map < 0) return fail("map");

  /* (*bpf_map_lookup_elem(&map, &zero))++; return XDP_DROP; */
  struct bpf_insn program[] = {
    {BPF_ST | BPF_MEM | BPF_W, 10, 0, -4, 0},
    {BPF_ALU64 | BPF_MOV | BPF_X, 2, 10, 0, 0},
    {BPF_ALU64 | BPF_ADD | BPF_K, 2, 0, 0, -4},
    {BPF_LD | BPF_DW | BPF_IMM, 1, BPF_PSEUDO_MAP_FD, 0, map},
    {0, 0, 0, 0, 0},
    {BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_map_lookup_elem},
    {BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 2, 0},
    {BPF_ALU64 | BPF_MOV | BPF_K, 1, 0, 0, 1},
    {BPF_STX | BPF_ATOMIC | BPF_DW, 0, 1, 0, BPF_ADD},
    {BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, XDP_DROP},
    {BPF_JMP | BPF_EXIT, 0, 0, 0, 0},
  };
  static char verifier[65536];
  memset(&attr, 0, sizeof attr);
  attr.prog_type = BPF_PROG_TYPE_XDP;
  attr.insns = (uintptr_t)program;
  attr.insn_cnt = sizeof program / sizeof *program;
  attr.license = (uintptr_t)"GPL";
  attr.log_buf = (uintptr_t)verifier;
  attr.log_size = sizeof verifier;
  attr.log_level = 1;
  int loaded = bpf(BPF_PROG_LOAD, &attr);
  if (loaded < 0) {
    fputs(verifier, stderr);
    return fail("program");
  }

  memset(&attr, 0, sizeof attr);
  attr.link_create.prog_fd = (uint32_t)loaded;
  attr.link_create.target_ifindex = 1;
  attr.link_create.attach_type = BPF_XDP;
  attr.link_create.flags = XDP_FLAGS_SKB_MODE;
  if (bpf(BPF_LINK_CREATE, &attr) < 0) return fail("attach");

  struct sockaddr_in self = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(9)};
  int sender = socket(AF_INET, SOCK_DGRAM, 0);
  for (int i = 0; i < 10; i++)
    if (sendto(sender, "x", 1, 0, (struct sockaddr *)&self, sizeof self) < 0) return fail("send");

  uint32_t key = 0;
  uint64_t count = 0;
  memset(&attr, 0, sizeof attr);
  attr.map_fd = (uint32_t)map;
  attr.key = (uintptr_t)&key;
  attr.value = (uintptr_t)&count;
  if (bpf(BPF_MAP_LOOKUP_ELEM, &attr) < 0) return fail("lookup");
  printf("%llu\n", (unsigned long long)count);
  return 0;
}
