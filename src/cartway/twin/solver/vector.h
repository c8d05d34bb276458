/* Vectors of LANES numbers, and the functions of them that the model needs. */
typedef double V __attribute__((vector_size(8 * LANES)));
typedef long long M __attribute__((vector_size(8 * LANES)));

#define INLINE inline __attribute__((always_inline))
#define KERNEL __attribute__((noinline))
#define EACH(lane) for (int lane = 0; lane < LANES; lane++)

static INLINE V splat(double value) { return (V){} + value; }
static INLINE V select(M which, V yes, V no) { return (V)(((M)yes & which) | ((M)no & ~which)); }
static INLINE V absolute(V a) { return (V)((M)a & 0x7fffffffffffffffLL); }
static INLINE V larger(V a, V b) { return select(a > b, a, b); }
static INLINE V smaller(V a, V b) { return select(a < b, a, b); }

static INLINE int any(M which)
{
    long long found = 0;
    EACH(lane) found |= which[lane];
    return found != 0;
}

/* Natural logarithm, within an ulp: log(2^e (1 + f)) by the even series of s = f/(2 + f); not a number below zero. */
static INLINE V logarithm(V a)
{
    M shifted = (M)a + (0x3ff0000000000000LL - 0x3fe6a09e667f3bcdLL);
    V e = (V)((M)(((unsigned long long __attribute__((vector_size(8 * LANES))))shifted) >> 52) | 0x4330000000000000LL)
          - (4503599627370496.0 + 1023.0);
    V f = (V)((shifted & 0x000fffffffffffffLL) + 0x3fe6a09e667f3bcdLL) - 1.0;
    V s = f / (2.0 + f), z = s * s, w = z * z;
    V even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
    V odd = z * (6.666666666666735130e-01
                 + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
    V half = 0.5 * f * f;
    V result = e * 6.93147180369123816490e-01 - ((half - (s * (half + even + odd) + e * 1.90821492927058770002e-10)) - f);
    return select(a > 0.0, result, splat(0.0) / 0.0);
}

/* e to the power a, to 1e-15 of itself; a is held within the range of double precision. */
static INLINE V exponential(V a)
{
    const double round = 6755399441055744.0; /* 1.5 * 2^52: adding it leaves whole numbers */
    V held = smaller(larger(a, splat(-708.0)), splat(709.0));
    V shifted = held * 1.4426950408889634 + round, n = shifted - round;
    V r = held - n * 6.93147180369123816490e-01 - n * 1.90821492927058770002e-10;
    V r2 = r * r, r4 = r2 * r2;
    V low = (1.0 + r) + r2 * (0.5 + r * (1.0 / 6)) + r4 * ((1.0 / 24 + r * (1.0 / 120)) + r2 * (1.0 / 720 + r * (1.0 / 5040)));
    V high = (1.0 / 40320 + r * (1.0 / 362880)) + r2 * (1.0 / 3628800 + r * (1.0 / 39916800))
             + r4 * (1.0 / 479001600 + r * (1.0 / 6227020800.0));
    V power = (V)(((M)shifted << 52) + 0x3ff0000000000000LL);
    V result = (low + r4 * r4 * high) * power;
    return select(a == a, result, a);
}
