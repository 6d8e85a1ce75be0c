// Loops that the compiler makes vectors of: all element sizes, widening, narrowing, reductions,
// structures of two to four, choices, shifts, reals.
#include "print.h"

#define N 203

static u8 a8[N], b8[N], c8[4 * N];
static int16_t a16[N], b16[N], c16[N];
static int32_t a32[N], b32[N], c32[N];
static u64 a64[N], b64[N], c64[N];
static float af[N], bf[N], cf[N];
static double ad[N], bd[N], cd[N];

static KEEP void fill(void) {
  for (int i = 0; i < N; i++) {
    u64 v = chance();
    a8[i] = (u8)v, b8[i] = (u8)(v >> 8);
    a16[i] = (int16_t)(v >> 16), b16[i] = (int16_t)(v >> 5);
    a32[i] = (int32_t)(v >> 24), b32[i] = (int32_t)(v >> 11);
    a64[i] = v, b64[i] = v * 0x9e3779b97f4a7c15ull;
    af[i] = (float)a16[i] / 64, bf[i] = (float)b32[i] / 4096;
    ad[i] = (double)a32[i] / 1024, bd[i] = (double)b16[i] / 3;
  }
}

static KEEP void bytes(void) {
  for (int i = 0; i < N; i++) c8[i] = (u8)((a8[i] + b8[i] + 1) >> 1);
  show("average", mixed(c8, N));
  for (int i = 0; i < N; i++) c8[i] = a8[i] > b8[i] ? a8[i] - b8[i] : b8[i] - a8[i];
  show("difference", mixed(c8, N));
  u32 sum = 0;
  for (int i = 0; i < N; i++) sum += a8[i] * b8[i];
  show("products", sum);
  for (int i = 0; i < N; i++) c8[i] = a8[N - 1 - i] ^ (u8)(b8[i] << 3 | b8[i] >> 5);
  show("reversed", mixed(c8, N));
  u8 most = 0, least = 255;
  for (int i = 0; i < N; i++) {
    most = a8[i] > most ? a8[i] : most;
    least = b8[i] < least ? b8[i] : least;
  }
  show("extremes", (u64)most << 8 | least);
  u32 ones = 0;
  for (int i = 0; i < N; i++) ones += (u32)__builtin_popcount(a8[i]);
  show("ones", ones);
}

static KEEP void structures(void) {
  for (int i = 0; i < N; i++) {
    c8[3 * i] = a8[i];
    c8[3 * i + 1] = b8[i];
    c8[3 * i + 2] = a8[i] ^ b8[i];
  }
  show("three", mixed(c8, 3 * N));
  u32 sum = 0;
  for (int i = 0; i < N; i++) sum += c8[4 * i] + 2 * c8[4 * i + 1] - 3 * c8[4 * i + 2] + c8[4 * i + 3];
  show("four", sum);
  for (int i = 0; i < N / 2; i++) {
    c32[2 * i] = a32[2 * i + 1];
    c32[2 * i + 1] = b32[2 * i];
  }
  show("two", mixed(c32, sizeof c32));
}

static KEEP void words(void) {
  for (int i = 0; i < N; i++) c16[i] = (int16_t)(a16[i] * b16[i] >> 8);
  show("halfwords", mixed(c16, sizeof c16));
  for (int i = 0; i < N; i++) c32[i] = a16[i] * b16[i] + (a32[i] >> 3);
  show("widened", mixed(c32, sizeof c32));
  for (int i = 0; i < N; i++) c16[i] = (int16_t)(a32[i] > 32767 ? 32767 : a32[i] < -32768 ? -32768 : a32[i]);
  show("saturated", mixed(c16, sizeof c16));
  for (int i = 0; i < N; i++) c32[i] = a32[i] < 0 ? -a32[i] : a32[i] << (b8[i] & 15);
  show("shifted", mixed(c32, sizeof c32));
  for (int i = 0; i < N; i++) c64[i] = (a64[i] & b64[i]) + (a64[i] >> 7) - (u64)(int64_t)a32[i] * 3;
  show("doublewords", mixed(c64, sizeof c64));
  int64_t dot = 0;
  for (int i = 0; i < N; i++) dot += (int64_t)a32[i] * b32[i];
  show("dot", (u64)dot);
  for (int i = 0; i < N; i++) c64[i] = a64[i] > b64[i] ? a64[i] : ~b64[i];
  show("chosen", mixed(c64, sizeof c64));
}

static KEEP void reals(void) {
  for (int i = 0; i < N; i++) cf[i] = af[i] * 1.5f + bf[i];
  show("multiplied", mixed(cf, sizeof cf));
  for (int i = 0; i < N; i++) cd[i] = ad[i] / bd[i] - (double)af[i];
  for (int i = 0; i < N; i++) cd[i] = bd[i] == 0 ? 1 : cd[i];
  show("divided", mixed(cd, sizeof cd));
  for (int i = 0; i < N; i++) cf[i] = __builtin_sqrtf(__builtin_fabsf(bf[i])) - (af[i] < bf[i] ? 1 : 2);
  show("roots", mixed(cf, sizeof cf));
  for (int i = 0; i < N; i++) c32[i] = (int32_t)(af[i] * 100) + (int32_t)ad[i];
  show("to integers", mixed(c32, sizeof c32));
  for (int i = 0; i < N; i++) cd[i] = (double)(int64_t)a64[i] + (double)b32[i];
  show("from integers", mixed(cd, sizeof cd));
  for (int i = 0; i < N; i++) cf[i] = (float)ad[i] * (float)a16[i];
  show("narrowed", mixed(cf, sizeof cf));
  float sum = 0;
  for (int i = 0; i < N; i++) sum += af[i] * bf[i];
  show("real dot", bits32(sum));
  for (int i = 0; i < N; i++) cd[i] = __builtin_floor(ad[i]) + __builtin_rint(bd[i]);
  show("rounded", mixed(cd, sizeof cd));
}

int main(void) {
  fill();
  bytes();
  structures();
  words();
  reals();
  return 0;
}
