// Floating-point numbers: arithmetic, fused products, roots, conversions, comparisons, extremes.
#include "print.h"

static KEEP double exponential(double x) {
  double term = 1, sum = 1;
  for (int i = 1; i < 40; i++) {
    term *= x / i;
    sum += term;
  }
  return sum;
}

static KEEP float exponential32(float x) {
  float term = 1, sum = 1;
  for (int i = 1; i < 20; i++) {
    term *= x / (float)i;
    sum += term;
  }
  return sum;
}

static KEEP double integral(double (*f)(double), double from, double to) {
  double sum = 0, step = (to - from) / 500;
  for (int i = 0; i < 500; i++)
    sum += f(from + (i + 0.5) * step) * step;
  return sum;
}

static double circle(double x) { return __builtin_sqrt(1 - x * x); }

static double matrix[12][12];

static KEEP double determinant(void) {
  double d = 1;
  for (int i = 0; i < 12; i++)
    for (int j = 0; j < 12; j++)
      matrix[i][j] = (double)(int64_t)(chance() >> 40) / 1024 - 4096;
  for (int i = 0; i < 12; i++) {
    int best = i;
    for (int k = i + 1; k < 12; k++)
      if (__builtin_fabs(matrix[k][i]) > __builtin_fabs(matrix[best][i]))
        best = k;
    for (int j = 0; j < 12; j++) {
      double t = matrix[i][j];
      matrix[i][j] = matrix[best][j];
      matrix[best][j] = t;
    }
    d *= best == i ? matrix[i][i] : -matrix[i][i];
    for (int k = i + 1; k < 12; k++) {
      double factor = matrix[k][i] / matrix[i][i];
      for (int j = i; j < 12; j++)
        matrix[k][j] -= factor * matrix[i][j];
    }
  }
  return d;
}

static KEEP u64 conversions(void) {
  u64 h = 0;
  for (int i = 0; i < 400; i++) {
    u64 v = chance() >> (chance() & 63);
    double d = (double)v, s = (double)(int64_t)v;
    float f = (float)v, g = (float)(int32_t)v;
    h = h * 31 + bits(d) + bits(s) + bits32(f) + bits32(g);
    h = h * 31 + (u64)(int64_t)(s / 3) + (u64)(d / 7) + (u32)(int32_t)(g / 5) + bits32((float)d);
    h += (u64)(int64_t)__builtin_floor(s / 10) ^ (u64)(int64_t)__builtin_ceil(s / 10);
    h += (u64)(int64_t)__builtin_trunc(s / 10) ^ (u64)(int64_t)__builtin_round(s / 16);
    h += bits(__builtin_rint(s / 32)) + (u64)__builtin_lround(g / 3) + bits((double)f);
  }
  return h;
}

static KEEP u64 any_bits(void) {
  u64 h = 0;
  for (int i = 0; i < 1000; i++) {
    u64 a = chance(), b = chance(), c = chance();
    double x, y, z;
    __builtin_memcpy(&x, &a, 8);
    __builtin_memcpy(&y, &b, 8);
    __builtin_memcpy(&z, &c, 8);
    // Of a number that is none only that it is none: its bits are the compiler's choice.
    double all[] = {x + y, x - z, x * y, x / y, __builtin_fma(x, y, z), __builtin_fma(-x, y, -z)};
    for (int k = 0; k < 6; k++)
      h = h * 33 + (all[k] == all[k] ? bits(all[k]) : 1);
    h += (x < y) + 2 * (x <= z) + 4 * (y > z) + 8 * (y >= x) + 16 * (x == z) + 32 * (x != y);
    h += __builtin_isunordered(x, z) + (x < 0 ? 3 : 5);
    float f = (float)x, g = (float)y;
    float small[] = {f + g, f * g, f - (float)z, f / g};
    for (int k = 0; k < 4; k++)
      h = h * 37 + (small[k] == small[k] ? bits32(small[k]) : 1);
  }
  return h;
}

static KEEP double tiny(void) {
  double x = 1, sum = 0;
  for (int i = 0; i < 1100; i++) {
    x /= 2;
    sum += x * 0x1p-20;
  }
  return sum + x;
}

int main(void) {
  show("e", bits(exponential(1)));
  show("e-", bits(exponential(-3.75)));
  show("e32", bits32(exponential32(1.5f)));
  show("circle", bits(integral(circle, 0, 1)));
  show("determinant", bits(determinant()));
  show("conversions", conversions());
  show("any bits", any_bits());
  show("tiny", bits(tiny()));
  show("root", bits(__builtin_sqrt(2) * __builtin_sqrtf(3.0f)));
  return 0;
}
