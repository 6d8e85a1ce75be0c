// Output of the same bytes on Linux and on a bare machine, and what compiled code calls.
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define KEEP __attribute__((noinline, noclone))

static void put(const char *text, size_t bytes) {
#ifdef BARE
  for (size_t i = 0; i < bytes; i++)
    *(volatile u8 *)0x09000000 = (u8)text[i];
#else
  register u64 number asm("x8") = 64;  // write
  register u64 x0 asm("x0") = 1;
  register u64 x1 asm("x1") = (u64)text;
  register u64 x2 asm("x2") = bytes;
  asm volatile("svc #0" : "+r"(x0) : "r"(number), "r"(x1), "r"(x2) : "memory");
#endif
}

static size_t length(const char *text) {
  size_t n = 0;
  while (text[n])
    n++;
  return n;
}

static KEEP void show(const char *name, u64 value) {
  char line[80];
  size_t at = 0;
  for (size_t i = 0; i < length(name); i++)
    line[at++] = name[i];
  line[at++] = ' ';
  for (int shift = 60; shift >= 0; shift -= 4)
    line[at++] = "0123456789abcdef"[value >> shift & 15];
  line[at++] = '\n';
  put(line, at);
}

static inline u64 bits(double value) {
  u64 b;
  __builtin_memcpy(&b, &value, 8);
  return b;
}

static inline u32 bits32(float value) {
  u32 b;
  __builtin_memcpy(&b, &value, 4);
  return b;
}

static u64 seed = 0x123456789abcdefull;

static inline u64 chance(void) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return seed;
}

#define BY_HAND __attribute__((used, optimize("no-tree-loop-distribute-patterns")))

BY_HAND void *memset(void *to, int value, size_t bytes) {
  for (size_t i = 0; i < bytes; i++)
    ((u8 *)to)[i] = (u8)value;
  return to;
}

BY_HAND void *memcpy(void *restrict to, const void *restrict from, size_t bytes) {
  for (size_t i = 0; i < bytes; i++)
    ((u8 *)to)[i] = ((const u8 *)from)[i];
  return to;
}

static inline u64 mixed(const void *data, size_t bytes) {
  u64 h = 0xcbf29ce484222325ull;
  for (size_t i = 0; i < bytes; i++)
    h = (h ^ ((const u8 *)data)[i]) * 0x100000001b3ull;
  return h;
}
