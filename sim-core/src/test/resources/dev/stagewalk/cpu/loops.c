/*
 * Loops that a compiler makes vector instructions of. Each returns a hash of what it leaves in its
 * arrays. loops.bin was built by
 *
 *   aarch64-linux-gnu-gcc -O3 -fwrapv -fno-math-errno -ffreestanding -fno-pic \
 *     -fno-tree-loop-distribute-patterns -fno-asynchronous-unwind-tables \
 *     -nostdlib -static -Wl,-Ttext=0x40000000,--build-id=none -o loops.elf loops.c
 *   aarch64-linux-gnu-objcopy -O binary loops.elf loops.bin
 *
 * and loops.txt is what the same source prints under qemu-aarch64 if built with -DHOSTED -static
 * instead of the options from -nostdlib on.
 */
#include <stdint.h>

#define LENGTH 256
#define COUNT 61
#define LOOP __attribute__((noinline)) static void

static uint64_t arrays[4][LENGTH];

#define INTEGER_LOOPS(type, wide, narrow)                                                          \
  LOOP type##_sums(type *restrict r, type *a, type *b, int n) {                                    \
    for (int i = 0; i < n; i++) r[i] = (type)(a[i] + b[i]) ^ (type)(a[i] - b[i]);                   \
  }                                                                                                \
  LOOP type##_products(type *restrict r, type *a, type *b, int n) {                                \
    for (int i = 0; i < n; i++) r[i] = (type)(r[i] + (wide)a[i] * b[i] - 7 * (wide)b[i]);           \
  }                                                                                                \
  LOOP type##_shifts(type *restrict r, type *a, type *b, int n) {                                  \
    for (int i = 0; i < n; i++) r[i] = (a[i] >> 3) + (type)((wide)a[i] >> (b[i] & 7));              \
  }                                                                                                \
  LOOP type##_choice(type *restrict r, type *a, type *b, int n) {                                  \
    for (int i = 0; i < n; i++) r[i] = a[i] > b[i] ? a[i] - b[i] : a[i] == b[i] ? 1 : ~b[i];        \
  }                                                                                                \
  LOOP type##_distance(type *restrict r, type *a, type *b, int n) {                                \
    for (int i = 0; i < n; i++) r[i] = a[i] > b[i] ? (wide)a[i] - b[i] : (wide)b[i] - a[i];         \
  }                                                                                                \
  LOOP type##_halving(type *restrict r, type *a, type *b, int n) {                                 \
    for (int i = 0; i < n; i++) r[i] = ((wide)a[i] + b[i] + 1) >> 1;                                \
  }                                                                                                \
  LOOP type##_clamped(narrow *restrict r, type *a, type *b, int n) {                               \
    for (int i = 0; i < n; i++) r[i] = a[i] < 5 ? 5 : a[i] > 100 ? 100 : a[i];                      \
  }                                                                                                \
  LOOP type##_lengthened(wide *restrict r, type *a, type *b, int n) {                              \
    for (int i = 0; i < n; i++) r[i] += (wide)a[i] * b[i];                                          \
  }                                                                                                \
  LOOP type##_total(wide *restrict r, type *a, type *b, int n) {                                   \
    wide sum = 0;                                                                                  \
    type most = a[0], least = b[0];                                                                \
    for (int i = 0; i < n; i++) {                                                                  \
      sum += a[i];                                                                                 \
      most = most > a[i] ? most : a[i];                                                            \
      least = least < b[i] ? least : b[i];                                                         \
    }                                                                                              \
    r[0] = sum, r[1] = most, r[2] = least;                                                         \
  }                                                                                                \
  LOOP type##_structures(type *restrict r, type *a, type *b, int n) {                              \
    for (int i = 0; i < n / 4; i++) {                                                              \
      r[3 * i] = a[4 * i] + b[2 * i + 1];                                                          \
      r[3 * i + 1] = a[4 * i + 3] ^ a[4 * i + 2];                                                  \
      r[3 * i + 2] = a[4 * i + 1] - b[2 * i];                                                      \
    }                                                                                              \
  }                                                                                                \
  LOOP type##_backwards(type *restrict r, type *a, type *b, int n) {                               \
    for (int i = 0; i < n; i++) r[i] = a[n - 1 - i] | (type)(i * 3);                                \
  }

INTEGER_LOOPS(int8_t, int16_t, int8_t)
INTEGER_LOOPS(uint16_t, uint32_t, uint8_t)
INTEGER_LOOPS(int32_t, int64_t, int16_t)
INTEGER_LOOPS(uint64_t, uint64_t, uint32_t)

#define REAL_LOOPS(type, integer)                                                                  \
  LOOP type##_arithmetic(type *restrict r, integer *a, integer *b, int n) {                        \
    for (int i = 0; i < n; i++) r[i] = ((type)a[i] * 3 - (type)b[i]) / ((type)(b[i] & 15) + 1);     \
  }                                                                                                \
  LOOP type##_root(type *restrict r, integer *a, integer *b, int n) {                              \
    for (int i = 0; i < n; i++) r[i] = __builtin_sqrt((type)(a[i] & 0xffffff)) * 0.5f + b[i];       \
  }                                                                                                \
  LOOP type##_chosen(type *restrict r, integer *a, integer *b, int n) {                            \
    for (int i = 0; i < n; i++) {                                                                  \
      type x = (type)a[i] / 16, y = (type)b[i];                                                    \
      r[i] = x < y ? -x : x > 2 * y ? __builtin_fabs(y) : x + y;                                   \
    }                                                                                              \
  }                                                                                                \
  LOOP type##_rounded(integer *restrict r, integer *a, integer *b, int n) {                        \
    for (int i = 0; i < n; i++) r[i] = (integer)((type)(a[i] >> 8) * (type)0.37) + b[i];            \
  }                                                                                                \
  LOOP type##_total(type *restrict r, integer *a, integer *b, int n) {                             \
    type sum = 0;                                                                                  \
    for (int i = 0; i < n; i++) sum += (type)(a[i] >> 4) * (type)(b[i] >> 5);                       \
    r[0] = sum;                                                                                    \
  }

REAL_LOOPS(float, int32_t)
REAL_LOOPS(double, int64_t)

LOOP bits(uint32_t *restrict r, uint32_t *a, uint32_t *b, int n) {
  for (int i = 0; i < n; i++) r[i] = __builtin_clz(a[i] | 1) + __builtin_popcountll(b[i]);
}

LOOP swapped(uint32_t *restrict r, uint32_t *a, uint32_t *b, int n) {
  for (int i = 0; i < n; i++) r[i] = __builtin_bswap32(a[i]) ^ (b[i] << 16 | b[i] >> 16);
}

LOOP table(uint8_t *restrict r, uint8_t *a, uint8_t *b, int n) {
  for (int i = 0; i < n; i++) r[i] = (a[i] & 15) * 17 + (b[i] >= 'a' && b[i] <= 'z' ? 32 : 0);
}

LOOP dots(int32_t *restrict r, int8_t *a, uint8_t *b, int n) {
  int32_t sum = 0, apart = 0;
  for (int i = 0; i < n; i++) {
    sum += a[i] * a[n - 1 - i];
    apart += b[i] > 100 ? b[i] - 100 : 100 - b[i];
  }
  r[0] = sum, r[1] = apart;
}

LOOP filtered(int16_t *restrict r, int16_t *a, int16_t *b, int n) {
  for (int i = 0; i < n - 4; i++)
    r[i] = (a[i] * 3 + a[i + 1] * 10 + a[i + 2] * 3 + b[i + 3] + 8) >> 4;
}

LOOP averaged(float *restrict r, uint8_t *a, uint8_t *b, int n) {
  for (int i = 0; i < n; i++) r[i] = (a[i] + b[i]) * 0.5f;
}

LOOP both_widths(double *restrict r, float *a, int32_t *b, int n) {
  for (int i = 0; i < n; i++) r[i] = (double)(float)b[i] * 1.25 + (b[i] >> 3);
}

typedef void loop(void *, void *, void *, int);

#define INTEGER_NAMES(t)                                                                           \
  (loop *)t##_sums, (loop *)t##_products, (loop *)t##_shifts, (loop *)t##_choice,                   \
      (loop *)t##_distance, (loop *)t##_halving, (loop *)t##_clamped, (loop *)t##_lengthened,       \
      (loop *)t##_total, (loop *)t##_structures, (loop *)t##_backwards
#define REAL_NAMES(t)                                                                              \
  (loop *)t##_arithmetic, (loop *)t##_root, (loop *)t##_chosen, (loop *)t##_rounded,                \
      (loop *)t##_total

static loop *const loops[] = {
    INTEGER_NAMES(int8_t), INTEGER_NAMES(uint16_t), INTEGER_NAMES(int32_t),
    INTEGER_NAMES(uint64_t), REAL_NAMES(float), REAL_NAMES(double), (loop *)bits,
    (loop *)swapped, (loop *)table, (loop *)dots, (loop *)filtered, (loop *)averaged,
    (loop *)both_widths};

_Static_assert(sizeof loops / sizeof *loops == COUNT, "COUNT is out of date");

static uint64_t hashes[COUNT];

uint64_t *run(void) {
  uint64_t random = 1;
  for (int l = 0; l < COUNT; l++) {
    for (int i = 0; i < 4 * LENGTH; i++) {
      random ^= random << 13;
      random ^= random >> 7;
      random ^= random << 17;
      ((uint64_t *)arrays)[i] = random;
    }
    loops[l](arrays[0], arrays[2], arrays[3], LENGTH / 2 - 3);
    uint64_t hash = 0;
    for (int i = 0; i < 2 * LENGTH; i++)
      hash = (hash ^ ((uint64_t *)arrays)[i]) * 0x9e3779b97f4a7c15 + (hash >> 29);
    hashes[l] = hash;
  }
  return hashes;
}

#ifdef HOSTED
#include <stdio.h>
int main(void) {
  run();
  for (int l = 0; l < COUNT; l++) printf("%llx\n", (unsigned long long)hashes[l]);
}
#else
__asm__(".pushsection .text.startup,\"ax\"\n"
        ".global _start\n_start: mov sp, x0\n bl run\n hvc #0\n"
        ".popsection\n");
#endif
