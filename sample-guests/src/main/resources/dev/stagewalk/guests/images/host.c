// A small host: it runs at EL2 with E2H, parses the device tree, turns its own MMU on, builds a
// stage 2, runs a guest at EL1, answers its exits, and takes a timer interrupt meanwhile.
// build.sh says how it is built; host.S has its entry.

#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;

#define read_register(name) ({ u64 v_; asm volatile("mrs %0, " #name : "=r"(v_)); v_; })
#define write_register(name, value) asm volatile("msr " #name ", %0" ::"r"((u64)(value)))
#define isb() asm volatile("isb" ::: "memory")
#define dsb(domain) asm volatile("dsb " #domain ::: "memory")

#define HCR_VM (1ull << 0)
#define HCR_FMO (1ull << 3)
#define HCR_IMO (1ull << 4)
#define HCR_TGE (1ull << 27)
#define HCR_RW (1ull << 31)
#define HCR_E2H (1ull << 34)

#define PSCI_SYSTEM_OFF 0x84000008u

#define GUEST_CODE 0x80000000ull
#define GUEST_DATA 0x80001000ull
#define GUEST_END 0x80010000ull

struct guest {
  u64 x[31];
  u64 pc;
  u64 pstate;
};

enum exit_kind { SYNCHRONOUS, INTERRUPT };

extern char image_start[], image_end[], guest_code[];
int enter_guest(struct guest *guest);
u64 firmware(u64 function);

// ---- what the device tree says ----

static struct {
  u64 memory, memory_size, uart, distributor, redistributor;
  u32 cpus, timer;
} board;

// ---- printing ----

static void print(const char *text) {
  for (; *text; text++)
    *(volatile u8 *)board.uart = (u8)*text;
}

static void print_number(u64 value, u32 base) {
  char digits[24];
  int at = 23;
  digits[at] = 0;
  do {
    digits[--at] = "0123456789abcdef"[value % base];
    value /= base;
  } while (value);
  if (base == 16)
    print("0x");
  print(digits + at);
}

static void line(const char *text, u64 value, u32 base) {
  print(text);
  print_number(value, base);
  print("\n");
}

static void finish(int code) {
  print("\nEXIT: STATUS=");
  print_number((u64)code * 2 + 1, 10);
  print("\n");
  firmware(PSCI_SYSTEM_OFF);
  for (;;)
    asm volatile("wfi");
}

void host_died(u64 esr, u64 elr, u64 far) {
  line("host: unexpected exception, ESR_EL2 ", esr, 16);
  line("  ELR_EL2 ", elr, 16);
  line("  FAR_EL2 ", far, 16);
  finish(2);
}

// ---- the device tree ----

static u32 big_endian(const u8 *at) {
  return (u32)at[0] << 24 | (u32)at[1] << 16 | (u32)at[2] << 8 | at[3];
}

static u64 two_cells(const u8 *at) {
  return (u64)big_endian(at) << 32 | big_endian(at + 4);
}

static int same(const char *a, const char *b) {
  while (*a && *a == *b)
    a++, b++;
  return *a == *b;
}

static size_t length(const char *text) {
  size_t n = 0;
  while (text[n])
    n++;
  return n;
}

static int lists(const char *strings, u32 bytes, const char *wanted) {
  for (u32 at = 0; at < bytes; at += length(strings + at) + 1)
    if (same(strings + at, wanted))
      return 1;
  return 0;
}

struct node {
  const char *compatible, *device_type;
  u32 compatible_bytes;
  const u8 *reg, *interrupts;
};

static void understand(const struct node *node) {
  if (node->device_type && same(node->device_type, "memory") && node->reg) {
    board.memory = two_cells(node->reg);
    board.memory_size = two_cells(node->reg + 8);
  }
  if (node->device_type && same(node->device_type, "cpu"))
    board.cpus++;
  if (!node->compatible)
    return;
  if (lists(node->compatible, node->compatible_bytes, "arm,pl011") && node->reg)
    board.uart = two_cells(node->reg);
  if (lists(node->compatible, node->compatible_bytes, "arm,gic-v3") && node->reg) {
    board.distributor = two_cells(node->reg);
    board.redistributor = two_cells(node->reg + 16);
  }
  if (lists(node->compatible, node->compatible_bytes, "arm,armv8-timer") && node->interrupts)
    board.timer = 16 + big_endian(node->interrupts + 3 * 12 + 4);  // the fourth: EL2 physical
}

static void parse_device_tree(const u8 *tree) {
  const u8 *at = tree + big_endian(tree + 8);
  const char *strings = (const char *)tree + big_endian(tree + 12);
  static struct node open[8];
  int depth = -1;
  for (;;) {
    u32 token = big_endian(at);
    at += 4;
    if (token == 1) {
      if (++depth < 8)
        open[depth] = (struct node){};
      at += (length((const char *)at) + 4) & ~3ul;
    } else if (token == 2) {
      if (depth < 8)
        understand(&open[depth]);
      depth--;
    } else if (token == 3) {
      u32 bytes = big_endian(at);
      const char *name = strings + big_endian(at + 4);
      at += 8;
      struct node *node = &open[depth < 8 ? depth : 7];
      if (same(name, "compatible"))
        node->compatible = (const char *)at, node->compatible_bytes = bytes;
      else if (same(name, "device_type"))
        node->device_type = (const char *)at;
      else if (same(name, "reg"))
        node->reg = at;
      else if (same(name, "interrupts"))
        node->interrupts = at;
      at += (bytes + 3) & ~3u;
    } else if (token == 9) {
      return;
    }
  }
}

// ---- stage 1 of EL2&0 ----

static u64 stage1[512] __attribute__((aligned(4096)));

static void turn_mmu_on(void) {
  u64 pa_range = read_register(id_aa64mmfr0_el1) & 7;
  // 1 GiB blocks: the devices, then RAM. Access flag; what is device memory is never executed.
  stage1[0] = 0x0 | 1ull << 54 | 1 << 10 | 0 << 2 | 1;
  for (u64 i = 1; i < 8; i++)
    stage1[i] = i << 30 | 3 << 8 | 1 << 10 | 1 << 2 | 1;
  dsb(ishst);
  write_register(mair_el1, 0xff00);  // attribute 0: Device-nGnRnE, 1: Normal Write-Back
  write_register(ttbr0_el1, stage1);
  write_register(tcr_el1, 25 | 1 << 8 | 1 << 10 | 3 << 12 | 1 << 23 | pa_range << 32);
  isb();
  asm volatile("tlbi vmalle1");
  dsb(nsh);
  isb();
  write_register(sctlr_el1, read_register(sctlr_el1) | 1 << 0 | 1 << 2 | 1 << 12);
  isb();
}

// ---- stage 2 ----

static u64 stage2[512] __attribute__((aligned(4096)));
static u8 pages[16][4096] __attribute__((aligned(4096)));
static u32 pages_used;

static void *new_page(void) {
  if (pages_used == 16) {
    print("host: out of pages\n");
    finish(2);
  }
  return pages[pages_used++];
}

// Maps a 4 KiB page; the table of levels 2 and 3 is made when it is needed.
static void map_page(u64 ipa, void *page, u64 attributes) {
  u64 *table = stage2;
  for (int level = 1; level < 3; level++) {
    u64 *entry = &table[ipa >> (39 - 9 * level) & 511];
    if (!(*entry & 1)) {
      u64 next = (u64)new_page();
      dsb(ishst);
      *entry = next | 3;
    }
    table = (u64 *)(*entry & 0xfffffffff000);
  }
  table[ipa >> 12 & 511] = (u64)page | attributes | 1 << 10 | 3 << 8 | 0xf << 2 | 3;
  dsb(ishst);
  isb();
}

#define READ_WRITE (3ull << 6)
#define READ_EXECUTE (1ull << 6)
#define NEVER_EXECUTE (2ull << 53)

static u64 *guest_flag;

static void build_stage2(void) {
  u64 pa_range = read_register(id_aa64mmfr0_el1) & 7;
  map_page(GUEST_CODE, guest_code, READ_EXECUTE);
  guest_flag = new_page();
  map_page(GUEST_DATA, guest_flag, READ_WRITE | NEVER_EXECUTE);
  // 39 bits of IPA from level 1 on, 4K, cacheable walks.
  write_register(vtcr_el2, 1u << 31 | pa_range << 16 | 3 << 12 | 1 << 10 | 1 << 8 | 1 << 6 | 25);
  write_register(vttbr_el2, 1ull << 48 | (u64)stage2);
  isb();
  asm volatile("tlbi vmalls12e1is");
  dsb(ish);
  isb();
}

// ---- the timer and its interrupt ----

static volatile u32 *at(u64 base, u64 offset) { return (volatile u32 *)(base + offset); }

static void prepare_interrupts(void) {
  u64 mine = board.redistributor;
  *at(board.distributor, 0) = 1 << 4 | 1 << 1;  // affinity routing, Group 1
  *at(mine, 0x14) &= ~2u;                       // awake
  while (*at(mine, 0x14) & 4) {
  }
  *at(mine, 0x10080) = ~0u;                     // all in Group 1
  *at(mine, 0x10400 + (board.timer & ~3u)) = 0xa0a0a0a0;
  *at(mine, 0x10100) = 1u << board.timer;
  asm volatile("msr s3_4_c12_c9_5, %0" ::"r"(0xfull));  // ICC_SRE_EL2
  isb();
  asm volatile("msr s3_0_c4_c6_0, %0" ::"r"(0xffull));    // ICC_PMR_EL1
  asm volatile("msr s3_0_c12_c12_7, %0" ::"r"(1ull));     // ICC_IGRPEN1_EL1
  isb();
  write_register(cntp_tval_el0, read_register(cntfrq_el0) / 1000);  // EL2's own, by E2H
  write_register(cntp_ctl_el0, 1);
  isb();
}

static u32 interrupts;

static void handle_interrupt(void) {
  u64 number;
  asm volatile("mrs %0, s3_0_c12_c12_0" : "=r"(number));  // ICC_IAR1_EL1
  if (number != board.timer) {
    line("host: unexpected interrupt ", number, 10);
    finish(2);
  }
  write_register(cntp_ctl_el0, 0);
  isb();
  asm volatile("msr s3_0_c12_c12_1, %0" ::"r"(number));   // ICC_EOIR1_EL1
  interrupts++;
  line("host: timer interrupt ", number, 10);
  *guest_flag = 1;
}

// ---- exits of the guest ----

static u32 hypercalls, pages_on_demand, bytes_for_uart;
static u64 result;

static void data_abort(struct guest *guest, u64 esr) {
  u64 ipa = (read_register(hpfar_el2) & 0xfffffffffff0) << 8 | (read_register(far_el2) & 0xfff);
  int translation = (esr & 0x3c) == 0x04;
  if (translation && (ipa & ~0xfffull) == board.uart && (esr >> 24 & 1) && (esr >> 6 & 1)) {
    u32 from = esr >> 16 & 31;
    *(volatile u8 *)board.uart = from == 31 ? 0 : (u8)guest->x[from];
    bytes_for_uart++;
    guest->pc += 4;
  } else if (translation && ipa >= GUEST_CODE && ipa < GUEST_END) {
    line("host: a page for IPA ", ipa & ~0xfffull, 16);
    map_page(ipa & ~0xfffull, new_page(), READ_WRITE | NEVER_EXECUTE);
    pages_on_demand++;
  } else {
    line("host: the guest may not touch IPA ", ipa, 16);
    line("  ESR_EL2 ", esr, 16);
    finish(1);
  }
}

// Whether the guest goes on.
static int handle_exception(struct guest *guest) {
  u64 esr = read_register(esr_el2);
  switch (esr >> 26) {
    case 0x16:
      hypercalls++;
      if ((esr & 0xffff) == 1) {
        guest->x[0] = guest->x[0] * (guest->x[0] + 1) / 2;
        return 1;
      }
      result = guest->x[0];
      return 0;
    case 0x24:
      data_abort(guest, esr);
      return 1;
    default:
      line("host: unexpected exit, ESR_EL2 ", esr, 16);
      finish(1);
      return 0;
  }
}

static void run_guest(void) {
  static struct guest guest;
  guest.pc = GUEST_CODE;
  guest.pstate = 0x3c5;  // EL1h, DAIF masked
  write_register(cptr_el2, 3 << 20);
  asm volatile("msr s3_5_c1_c0_0, %0" ::"r"(0x30d00800ull));  // SCTLR_EL12: its MMU off
  int goes_on = 1;
  while (goes_on) {
    write_register(hcr_el2, HCR_E2H | HCR_RW | HCR_VM | HCR_IMO | HCR_FMO);
    isb();
    int kind = enter_guest(&guest);
    write_register(hcr_el2, HCR_E2H | HCR_RW | HCR_TGE);
    isb();
    if (kind == INTERRUPT)
      handle_interrupt();
    else
      goes_on = handle_exception(&guest);
  }
}

// A table of names and where they go: each pointer in it needs a relocation.
static const struct {
  const char *text;
  u32 *count;
} counts[] = {
  {"hypercalls: ", &hypercalls},
  {"pages on demand: ", &pages_on_demand},
  {"bytes for the UART: ", &bytes_for_uart},
  {"timer interrupts: ", &interrupts},
};

void host_main(const u8 *tree) {
  parse_device_tree(tree);
  if (!board.uart)
    for (;;) {
    }
  line("host: EL", read_register(currentel) >> 2 & 3, 10);
  if (!(read_register(id_aa64mmfr1_el1) >> 8 & 15)) {
    print("host: no VHE, nothing to show\n");
    finish(77);
  }
  write_register(hcr_el2, HCR_E2H | HCR_RW | HCR_TGE);
  isb();
  turn_mmu_on();
  print("host: MMU on at EL2\n");
  line("host: memory ", board.memory_size >> 20, 10);
  line("host: CPUs ", board.cpus, 10);
  build_stage2();
  prepare_interrupts();
  run_guest();
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
    print("host: ");
    line(counts[i].text, *counts[i].count, 10);
  }
  int good = result == 211 && hypercalls == 2 && pages_on_demand == 2 && bytes_for_uart == 22 &&
             interrupts == 1;
  print(good ? "PASS: all exits were answered\n" : "FAIL: not as expected\n");
  finish(!good);
}
