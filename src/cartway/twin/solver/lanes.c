/* LANES patients advance side by side, each with its own time and its own step; a lane whose patient is done takes the
 * next one at once. Every operation acts on each lane alone, so that a patient's result does not depend on its neighbors.
 *
 * Compiled once for each instruction set: LANES says how many doubles a vector holds.
 *
 * Dormand and Prince's method of order 5: J. Comput. Appl. Math. 6 (1980), doi 10.1016/0771-050X(80)90013-3; dense output
 * and step control as in Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, sections II.4 to II.6.
 * Small clones: Kendall, Ann. Math. Stat. 19 (1948), doi 10.1214/aoms/1177730285.
 */
#include <math.h>

#include "lanes.h"

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

#include "generated/model.h"

#define FEWEST_CELLS 100.0 /* below so many cells a clone is a birth-death process */
#define NEVER 1e300

/* One group of lanes: all that a patient carries, vector by vector. */
struct group {
    V x[STATES], z[STATES], y[STATES], k[7][STATES], q[CONSTANTS];
    V flag[CLONES], few[CLONES], deaths[CLONES], draw[CLONES];
    V t, h, step, stop, due, error, before, tried;
    M alive, fresh;
    long long patient[LANES], event[LANES], output[LANES];
};

static INLINE double *at(V *vector, int lane) { return (double *)vector + lane; }

/* Weights of the stages in the change since the step's start, at share u of the step. */
static INLINE void weights(V u, V w[7])
{
    static const double full[7] = {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84, 0};
    static const double late[7] = {-12715105075.0 / 11282082432, 0, 87487479700.0 / 32700410799, -10690763975.0 / 1880347072,
                                   701980252875.0 / 199316789632, -1453857185.0 / 822651844, 69997945.0 / 29380423};
    V rest = 1.0 - u;
    for (int i = 0; i < 7; i++) {
        double first = i == 0, last = i == 6;
        w[i] = u * (full[i] + rest * ((first - full[i]) + u * ((2 * full[i] - first - last) + rest * late[i])));
    }
}

/* State i within the step, by the weights times the step. */
static INLINE V within(const struct group *g, const V w[7], int i)
{
    return g->x[i] + w[0] * g->k[0][i] + w[2] * g->k[2][i] + w[3] * g->k[3][i] + w[4] * g->k[4][i] + w[5] * g->k[5][i]
           + w[6] * g->k[6][i];
}

/* What is done to the patient now; a clone that is changed by hand is no longer followed as a small one. */
static void act(struct group *g, int lane, const struct job *job)
{
    long long last = job->first[g->patient[lane] + 1], e = g->event[lane];
    double t = *at(&g->t, lane);
    for (; e < last && job->at[e] <= t; e++) {
        double *x = at(&g->x[job->which[e]], lane), *h = at(&g->h, lane);
        *x = job->factor[e] * *x + job->plus[e];
        for (int c = 0; c < CLONES; c++)
            if (CLONE_STATE[c] == job->which[e] && *at(&g->flag[c], lane) == 1.0) *at(&g->flag[c], lane) = 0.0;
        if (*h > AFTER_EVENT) *h = AFTER_EVENT;
        g->fresh[lane] = -1;
    }
    g->event[lane] = e;
    double end = job->time[job->times - 1];
    *at(&g->stop, lane) = e < last && job->at[e] < end ? job->at[e] : end;
}

/* Outputs that fall on this very moment. */
static void put(struct group *g, int lane, const struct job *job)
{
    long long o = g->output[lane];
    for (; o < job->times && job->time[o] <= *at(&g->t, lane); o++) {
        double *row = job->out + (g->patient[lane] * job->times + o) * job->outputs;
        for (long long j = 0; j < job->outputs; j++) row[j] = *at(&g->x[job->chosen[j]], lane);
    }
    g->output[lane] = o;
    *at(&g->due, lane) = o < job->times ? job->time[o] : NEVER;
}

static void leave(struct group *g, int lane, const struct job *job)
{
    long long n = g->patient[lane];
    for (int i = 0; i < STATES; i++) job->x[n * STATES + i] = *at(&g->x[i], lane);
    double *memory = job->memory + n * MEMORY;
    for (int c = 0; c < CLONES; c++) {
        memory[3 * c] = *at(&g->flag[c], lane);
        memory[3 * c + 1] = *at(&g->few[c], lane);
        memory[3 * c + 2] = *at(&g->deaths[c], lane);
    }
    memory[3 * CLONES] = *at(&g->h, lane);
    job->steps[n] = (long long)*at(&g->tried, lane);
    g->alive[lane] = 0;
}

/* Take the next patient into the lane; false where there is none. */
static int take(struct group *g, int lane, const struct job *job)
{
    long long n = __atomic_fetch_add(job->next, 1, __ATOMIC_RELAXED);
    if (n >= job->patients) return 0;
    double q[CONSTANTS];
    const double *p = job->p + n * PARAMETERS, *memory = job->memory + n * MEMORY;
    prepare(p, q);
    for (int i = 0; i < CONSTANTS; i++) *at(&g->q[i], lane) = q[i];
    for (int i = 0; i < STATES; i++) *at(&g->x[i], lane) = job->x[n * STATES + i];
    for (int c = 0; c < CLONES; c++) {
        *at(&g->flag[c], lane) = memory[3 * c];
        *at(&g->few[c], lane) = memory[3 * c + 1];
        *at(&g->deaths[c], lane) = memory[3 * c + 2];
        *at(&g->draw[c], lane) = p[CLONE_DRAW[c]];
    }
    *at(&g->t, lane) = job->day;
    *at(&g->h, lane) = memory[3 * CLONES] > 0.0 ? memory[3 * CLONES] : FIRST_STEP;
    *at(&g->before, lane) = LEAST_ERROR;
    *at(&g->tried, lane) = 0.0;
    g->patient[lane] = n;
    g->output[lane] = 0;
    g->event[lane] = job->first[n];
    while (g->event[lane] < job->first[n + 1] && job->at[g->event[lane]] < job->day) g->event[lane]++;
    g->alive[lane] = g->fresh[lane] = -1;
    return 1;
}

/* A lane that has come to its stop, or has no patient: act, put out, and where the patient is done take the next. */
static void settle(struct group *g, int lane, const struct job *job)
{
    double end = job->time[job->times - 1];
    for (;;) {
        if (g->alive[lane]) {
            act(g, lane, job);
            put(g, lane, job);
            if (*at(&g->t, lane) < end) return;
            leave(g, lane, job);
        }
        if (!take(g, lane, job)) break;
    }
    *at(&g->stop, lane) = *at(&g->due, lane) = NEVER;
    *at(&g->h, lane) = 0.0;
}

/* The stages of one step of length g->step: y is scratch, z the new states, k[6] their rates. */
static INLINE void stages(struct group *g)
{
    const V h = g->step;
    V *x = g->x, *y = g->y, (*k)[STATES] = g->k;
    const V h21 = h * (1.0 / 5);
    for (int i = 0; i < STATES; i++) y[i] = x[i] + h21 * k[0][i];
    derivative(y, g->q, k[1]);
    const V h31 = h * (3.0 / 40), h32 = h * (9.0 / 40);
    for (int i = 0; i < STATES; i++) y[i] = x[i] + (h31 * k[0][i] + h32 * k[1][i]);
    derivative(y, g->q, k[2]);
    const V h41 = h * (44.0 / 45), h42 = h * (-56.0 / 15), h43 = h * (32.0 / 9);
    for (int i = 0; i < STATES; i++) y[i] = x[i] + (h41 * k[0][i] + h42 * k[1][i] + h43 * k[2][i]);
    derivative(y, g->q, k[3]);
    const V h51 = h * (19372.0 / 6561), h52 = h * (-25360.0 / 2187), h53 = h * (64448.0 / 6561), h54 = h * (-212.0 / 729);
    for (int i = 0; i < STATES; i++) y[i] = x[i] + (h51 * k[0][i] + h52 * k[1][i] + h53 * k[2][i] + h54 * k[3][i]);
    derivative(y, g->q, k[4]);
    const V h61 = h * (9017.0 / 3168), h62 = h * (-355.0 / 33), h63 = h * (46732.0 / 5247), h64 = h * (49.0 / 176),
            h65 = h * (-5103.0 / 18656);
    for (int i = 0; i < STATES; i++)
        y[i] = x[i] + (h61 * k[0][i] + h62 * k[1][i] + h63 * k[2][i] + h64 * k[3][i] + h65 * k[4][i]);
    derivative(y, g->q, k[5]);
    const V b1 = h * (35.0 / 384), b3 = h * (500.0 / 1113), b4 = h * (125.0 / 192), b5 = h * (-2187.0 / 6784),
            b6 = h * (11.0 / 84);
    for (int i = 0; i < STATES; i++)
        g->z[i] = x[i] + (b1 * k[0][i] + b3 * k[2][i] + b4 * k[3][i] + b5 * k[4][i] + b6 * k[5][i]);
    derivative(g->z, g->q, k[6]);
}

/* Root mean square of the error over what is allowed; five divisions are done as one. */
static INLINE V wrong(const struct group *g, double rtol)
{
    const V h = g->step * (1.0 / rtol);
    const V e1 = h * (71.0 / 57600), e3 = h * (-71.0 / 16695), e4 = h * (71.0 / 1920), e5 = h * (-17253.0 / 339200),
            e6 = h * (22.0 / 525), e7 = h * (-1.0 / 40);
    V total = splat(0.0);
    for (int i = 0; i < STATES; i += 3) {
        V share[3], scale[3], product = splat(1.0);
        int many = STATES - i < 3 ? STATES - i : 3;
        for (int j = 0; j < many; j++) {
            int s = i + j;
            share[j] = e1 * g->k[0][s] + e3 * g->k[2][s] + e4 * g->k[3][s] + e5 * g->k[4][s] + e6 * g->k[5][s] + e7 * g->k[6][s];
            scale[j] = FLOOR[s] + larger(absolute(g->x[s]), absolute(g->z[s]));
            product *= scale[j];
        }
        V all = 1.0 / product;
        for (int j = 0; j < many; j++) {
            V others = all;
            for (int l = 0; l < many; l++)
                if (l != j) others *= scale[l];
            V ratio = share[j] * others;
            total += ratio * ratio;
        }
    }
    return total * (1.0 / STATES); /* its square: the caller's powers take the half */
}

/* Follow clones of few cells over the step that was accepted: did they die out, or grow back? Gives the lanes changed.
 *
 * A clone of n cells whose cells die at rate d and divide at rate b has died out by t with chance (J/(1 + J))^n, J being
 * the integral of d(s) n/m(s), where m is the expected number: here the solution of the equations itself. Three points of Gauss.
 */
static KERNEL M watch(struct group *g, M accepted)
{
    static const double place[3] = {0.1127016653792583, 0.5, 0.8872983346207417};
    static const double weight[3] = {5.0 / 18, 4.0 / 9, 5.0 / 18};
    V sum[CLONES], state[STATES], rates[2 * CLONES], w[7];
    M changed = {};
    for (int c = 0; c < CLONES; c++) sum[c] = splat(0.0);
    for (int p = 0; p < 3; p++) {
        weights(splat(place[p]), w);
        for (int i = 0; i < 7; i++) w[i] *= g->step;
        for (int r = 0; r < CLONE_READS; r++) state[CLONE_READ[r]] = within(g, w, CLONE_READ[r]);
        clones(state, g->q, rates);
        for (int c = 0; c < CLONES; c++)
            sum[c] += weight[p] * (rates[2 * c] - rates[2 * c + 1]) * g->few[c]
                      / larger(state[CLONE_STATE[c]], splat(1e-280));
    }
    for (int c = 0; c < CLONES; c++) {
        int i = CLONE_STATE[c];
        M small = accepted & (g->flag[c] == 1.0), out = accepted & (g->flag[c] == 2.0) & (g->z[i] != 0.0);
        M shrunk = accepted & (g->flag[c] == 0.0) & (g->z[i] > 0.0) & (g->z[i] < FEWEST_CELLS);
        V deaths = smaller(g->deaths[c] + g->step * sum[c], splat(1e280));
        V gone = exponential(-g->few[c] * logarithm(1.0 + 1.0 / larger(deaths, splat(1e-280))));
        M died = small & (gone > g->draw[c]);
        M back = small & ~died & (g->z[i] > FEWEST_CELLS) & (g->z[i] > g->few[c]);
        g->deaths[c] = select(small, deaths, select(shrunk, splat(0.0), g->deaths[c]));
        g->few[c] = select(shrunk, g->z[i], g->few[c]);
        g->flag[c] = select(died, splat(2.0), select(back, splat(0.0), select(shrunk, splat(1.0), g->flag[c])));
        g->z[i] = select(back, g->z[i] / (1.0 - gone), select(died | out, splat(0.0), g->z[i]));
        changed |= died | out | back;
    }
    return changed;
}

static INLINE int watched(const struct group *g, M accepted)
{
    M found = {};
    for (int c = 0; c < CLONES; c++) {
        V z = g->z[CLONE_STATE[c]];
        found |= (g->flag[c] == 1.0) | ((g->flag[c] == 0.0) & (z > 0.0) & (z < FEWEST_CELLS))
                 | ((g->flag[c] == 2.0) & (z != 0.0));
    }
    return any(found & accepted);
}

/* Outputs that fall within the step that was accepted and reaches to `reached`. */
static INLINE void dense(struct group *g, M accepted, V reached, const struct job *job)
{
    V w[7], row[STATES];
    for (M wanted = accepted & (g->due < reached); any(wanted); wanted = accepted & (g->due < reached)) {
        weights((g->due - g->t) / g->step, w);
        for (int i = 0; i < 7; i++) w[i] *= g->step;
        for (long long j = 0; j < job->outputs; j++) row[j] = within(g, w, (int)job->chosen[j]);
        EACH(lane) if (wanted[lane]) {
            double *out = job->out + (g->patient[lane] * job->times + g->output[lane]++) * job->outputs;
            for (long long j = 0; j < job->outputs; j++) out[j] = row[j][lane];
            *at(&g->due, lane) = g->output[lane] < job->times ? job->time[g->output[lane]] : NEVER;
        }
    }
}

/* Advance all patients that the job's counter gives us. */
void advance(const struct job *job)
{
    struct group g = {0};
    EACH(lane) settle(&g, lane, job);
    while (any(g.alive)) {
        if (any(g.fresh)) {
            derivative(g.x, g.q, g.y);
            for (int i = 0; i < STATES; i++) g.k[0][i] = select(g.fresh, g.y[i], g.k[0][i]);
            g.fresh = (M){};
        }
        M stops = g.t + 1.0000001 * g.h >= g.stop;
        g.step = select(stops, g.stop - g.t, g.h);
        g.step = select(g.alive, g.step, splat(0.0));
        g.tried += 1.0;
        stages(&g);
        V error2 = wrong(&g, job->rtol);
        M accepted = g.alive & (error2 <= 1.0);
        V reached = select(stops, g.stop, g.t + g.step);
        dense(&g, accepted, reached, job);
        M changed = watched(&g, accepted) ? watch(&g, accepted) : (M){};
        for (int i = 0; i < STATES; i++) {
            g.x[i] = select(accepted, g.z[i], g.x[i]);
            g.k[0][i] = select(accepted, g.k[6][i], g.k[0][i]);
        }
        g.fresh = changed;
        g.t = select(accepted, reached, g.t);
        V error = larger(error2, splat(LEAST_ERROR * LEAST_ERROR)), power = logarithm(error);
        V grow = 0.9 * exponential(select(accepted, -0.085 * power + 0.02 * logarithm(g.before * g.before), -0.1 * power));
        grow = smaller(larger(grow, splat(0.2)), splat(5.0));
        grow = select(error2 < 1e300, grow, splat(0.1));
        V next = g.step * grow;
        g.h = select(accepted & stops, larger(next, g.h), next);
        EACH(lane) if (accepted[lane]) *at(&g.before, lane) = __builtin_sqrt(error[lane]);
        M failed = g.alive & ((g.tried > MOST_STEPS) | ~(g.h > 1e-12));
        if (any(failed))
            EACH(lane) if (failed[lane]) {
                *at(&g.tried, lane) *= -1.0;
                leave(&g, lane, job);
                accepted[lane] = stops[lane] = -1;
            }
        if (any(accepted & stops)) EACH(lane) if (accepted[lane] & stops[lane]) settle(&g, lane, job);
    }
}

/* SHA-256 of the sources of this library. */
const char *digest(void) { return DIGEST; }

/* How many lanes the vectors of this machine hold; asked of the narrowest library, which runs everywhere. */
int widest(void)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    int middle = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
    int wide = middle && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
               && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    return wide ? 8 : middle ? 4 : 2;
#else
    return 2;
#endif
}
