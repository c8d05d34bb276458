/* LANES patients advance side by side, each with its own time and its own step; a lane whose patient is done takes the
 * next one at once. Every operation acts on each lane alone, so that a patient's result does not depend on its neighbors.
 *
 * Compiled once for each instruction set: LANES says how many doubles a vector holds. One loop serves both
 * methods: `method` is a constant wherever the compiler sees it.
 *
 * Step control as in Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, sections II.4 and II.5.
 * Small clones: Kendall, Ann. Math. Stat. 19 (1948), doi 10.1214/aoms/1177730285.
 */
#include <math.h>

#include "vector.h"

#include "generated/model.h"
#include "lanes.h"

#define FEWEST_CELLS 100.0 /* below so many cells a clone is a birth-death process */
#define NEVER 1e300
#define LEAST_CELLS 1e-280 /* nothing is divided by less */
#define MOST_DEATHS 1e280

enum { EXPLICIT, STIFF, STAGES = 7 };

/* One group of lanes: all that a patient carries, vector by vector. */
struct group {
    V x[STATES], z[STATES], y[STATES], k[STAGES][STATES], q[CONSTANTS];
    V flag[CLONES], few[CLONES], deaths[CLONES], draw[CLONES];
    V t, h, step, stop, due, error, before, tried;
    M alive, fresh;
    long long patient[LANES], event[LANES], output[LANES];
};

#include "explicit.h"
#include "stiff.h"

static INLINE double *at(V *vector, int lane) { return (double *)vector + lane; }

/* Weights by which the stages make the states at share u of the step. */
static INLINE void weights(const struct group *g, V u, V w[STAGES], int method)
{
    if (method == STIFF) stiff_weights(u, w);
    else explicit_weights(u, g->step, w);
}

/* State i within the step. */
static INLINE V within(const struct group *g, const V w[STAGES], int i, int method)
{
    V x = g->x[i] + w[0] * g->k[0][i] + w[2] * g->k[2][i] + w[3] * g->k[3][i] + w[4] * g->k[4][i] + w[5] * g->k[5][i];
    return method == STIFF ? x + w[1] * g->k[1][i] : x + w[6] * g->k[6][i];
}

/* Mean square of the error over what is allowed; a few divisions are done as one. */
static INLINE V wrong(const struct group *g, double rtol, int method)
{
    enum { TOGETHER = 3 };
    V total = splat(0.0);
    for (int first = 0; first < STATES; first += TOGETHER) {
        V error[TOGETHER], scale[TOGETHER], product = splat(1.0);
        int many = STATES - first < TOGETHER ? STATES - first : TOGETHER;
        for (int j = 0; j < many; j++) {
            int i = first + j;
            error[j] = method == STIFF ? g->k[5][i] : explicit_error(g, i);
            scale[j] = FLOOR[i] + larger(absolute(g->x[i]), absolute(g->z[i]));
            product *= scale[j];
        }
        V inverse = 1.0 / product;
        for (int j = 0; j < many; j++) {
            V share = error[j] * inverse;
            for (int l = 0; l < many; l++)
                if (l != j) share *= scale[l];
            total += share * share;
        }
    }
    return total * (1.0 / STATES / rtol / rtol);
}

/* State i changes by hand, where it is a clone that is followed as a small one. Taking cells away is a pulse of deaths:
 * the integral J goes on. Where cells are added it begins anew, with those that are there if it lives, and what is left
 * of its draw. Judged before and after: two things may be done at one moment.
 */
static void tamper(struct group *g, int lane, int c, double factor, double plus)
{
    double *x = at(&g->x[CLONE_STATE[c]], lane), *flag = at(&g->flag[c], lane), *deaths = at(&g->deaths[c], lane);
    double *draw = at(&g->draw[c], lane), few = *at(&g->few[c], lane), before = fmax(*x, LEAST_CELLS);
    int less = plus == 0.0 && factor <= 1.0;
    if (less) *deaths = fmin(*deaths + few * (1.0 / fmax(factor * *x, LEAST_CELLS) - 1.0 / before), MOST_DEATHS);
    double gone = exp(-few * log(1.0 + 1.0 / fmax(*deaths, LEAST_CELLS)));
    if (gone > *draw) {
        *flag = 2.0;
        *x = 0.0;
    } else if (!less) {
        *flag = 0.0;
        *x /= 1.0 - gone;
        *draw = (*draw - gone) / (1.0 - gone);
    }
}

/* What is done to the patient now. */
static void act(struct group *g, int lane, const struct job *job)
{
    long long last = job->first[g->patient[lane] + 1], e = g->event[lane];
    double t = *at(&g->t, lane);
    for (; e < last && job->at[e] <= t; e++) {
        double *x = at(&g->x[job->which[e]], lane), *h = at(&g->h, lane);
        for (int c = 0; c < CLONES; c++)
            if (CLONE_STATE[c] == job->which[e] && *at(&g->flag[c], lane) == 1.0)
                tamper(g, lane, c, job->factor[e], job->plus[e]);
        *x = job->factor[e] * *x + job->plus[e];
        if (*h > AFTER_EVENT) *h = AFTER_EVENT;
        g->fresh[lane] = -1;
    }
    g->event[lane] = e;
    *at(&g->stop, lane) = e < last && job->at[e] < job->end ? job->at[e] : job->end;
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
        memory[4 * c] = *at(&g->flag[c], lane);
        memory[4 * c + 1] = *at(&g->few[c], lane);
        memory[4 * c + 2] = *at(&g->deaths[c], lane);
        memory[4 * c + 3] = *at(&g->draw[c], lane);
    }
    memory[4 * CLONES] = *at(&g->h, lane);
    job->steps[n] = (long long)*at(&g->tried, lane);
    g->alive[lane] = 0;
}

/* Leave out what was done before, and what fell on this very day where it has been done too. */
static void skip(struct group *g, int lane, const struct job *job)
{
    long long e = job->first[g->patient[lane]], last = job->first[g->patient[lane] + 1], o = 0;
    while (e < last && (job->at[e] < job->day || (job->going_on && job->at[e] == job->day))) e++;
    while (job->going_on && o < job->times && job->time[o] <= job->day) o++;
    g->event[lane] = e;
    g->output[lane] = o;
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
        *at(&g->flag[c], lane) = memory[4 * c];
        *at(&g->few[c], lane) = memory[4 * c + 1];
        *at(&g->deaths[c], lane) = memory[4 * c + 2];
        *at(&g->draw[c], lane) = memory[4 * c + 3];
    }
    *at(&g->t, lane) = job->day;
    *at(&g->h, lane) = memory[4 * CLONES] > 0.0 ? memory[4 * CLONES] : FIRST_STEP;
    *at(&g->before, lane) = 2 * log(LEAST_ERROR);
    *at(&g->tried, lane) = 0.0;
    g->patient[lane] = n;
    skip(g, lane, job);
    g->alive[lane] = g->fresh[lane] = -1;
    return 1;
}

/* A lane that has come to its stop, or has no patient: act, put out, and where the patient is done take the next. */
static void settle(struct group *g, int lane, const struct job *job)
{
    for (;;) {
        if (g->alive[lane]) {
            act(g, lane, job);
            put(g, lane, job);
            if (*at(&g->t, lane) < job->end) return;
            leave(g, lane, job);
        }
        if (!take(g, lane, job)) break;
    }
    *at(&g->stop, lane) = *at(&g->due, lane) = NEVER;
    *at(&g->h, lane) = 0.0;
}

/* Follow clones of few cells over the step that was accepted: did they die out, or grow back? Gives the lanes changed.
 *
 * A clone of n cells whose cells die at rate d and divide at rate b has died out by t with chance (J/(1 + J))^n, J being
 * the integral of d(s) n/m(s), where m is the expected number: here the solution of the equations itself. Three points of Gauss.
 * Who grows back has used up that share of the draw: what is left, stretched to 0 to 1, judges the clone when it falls again.
 */
static INLINE M watch(struct group *g, M accepted, int method)
{
    static const double place[3] = {0.1127016653792583, 0.5, 0.8872983346207417};
    static const double weight[3] = {5.0 / 18, 4.0 / 9, 5.0 / 18};
    V sum[CLONES], state[STATES], rates[2 * CLONES], w[STAGES];
    M changed = {};
    for (int c = 0; c < CLONES; c++) sum[c] = splat(0.0);
    for (int p = 0; p < 3; p++) {
        weights(g, splat(place[p]), w, method);
        for (int r = 0; r < CLONE_READS; r++) state[CLONE_READ[r]] = within(g, w, CLONE_READ[r], method);
        clones(state, g->q, rates);
        for (int c = 0; c < CLONES; c++)
            sum[c] += weight[p] * (rates[2 * c] - rates[2 * c + 1]) * g->few[c]
                      / larger(state[CLONE_STATE[c]], splat(LEAST_CELLS));
    }
    for (int c = 0; c < CLONES; c++) {
        int i = CLONE_STATE[c];
        M small = accepted & (g->flag[c] == 1.0), out = accepted & (g->flag[c] == 2.0) & (g->z[i] != 0.0);
        M shrunk = accepted & (g->flag[c] == 0.0) & (g->z[i] > 0.0) & (g->z[i] < FEWEST_CELLS);
        V deaths = smaller(g->deaths[c] + g->step * sum[c], splat(MOST_DEATHS));
        V gone = exponential(-g->few[c] * logarithm(1.0 + 1.0 / larger(deaths, splat(LEAST_CELLS))));
        M died = small & (gone > g->draw[c]);
        M back = small & ~died & (g->z[i] > FEWEST_CELLS) & (g->z[i] > g->few[c]);
        g->deaths[c] = select(small, deaths, select(shrunk, splat(0.0), g->deaths[c]));
        g->few[c] = select(shrunk, g->z[i], g->few[c]);
        g->flag[c] = select(died, splat(2.0), select(back, splat(0.0), select(shrunk, splat(1.0), g->flag[c])));
        V lives = 1.0 / (1.0 - gone);
        g->draw[c] = select(back, (g->draw[c] - gone) * lives, g->draw[c]);
        g->z[i] = select(back, g->z[i] * lives, select(died | out, splat(0.0), g->z[i]));
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
static INLINE void dense(struct group *g, M accepted, V reached, const struct job *job, int method)
{
    V w[STAGES], row[STATES];
    for (M wanted = accepted & (g->due < reached); any(wanted); wanted = accepted & (g->due < reached)) {
        weights(g, (g->due - g->t) / g->step, w, method);
        for (long long j = 0; j < job->outputs; j++) row[j] = within(g, w, (int)job->chosen[j], method);
        EACH(lane) if (wanted[lane]) {
            double *out = job->out + (g->patient[lane] * job->times + g->output[lane]++) * job->outputs;
            for (long long j = 0; j < job->outputs; j++) out[j] = row[j][lane];
            *at(&g->due, lane) = g->output[lane] < job->times ? job->time[g->output[lane]] : NEVER;
        }
    }
}

/* The next step: of order 5 with a look at the error before; the stiff method's estimate is of order 3, without. */
static INLINE void control(struct group *g, V error2, M accepted, M stops, int method)
{
    V error = larger(error2, splat(LEAST_ERROR * LEAST_ERROR)), size = logarithm(error); /* twice the logarithm of the error */
    V power = method == STIFF ? -0.125 * size : select(accepted, -0.085 * size + 0.02 * g->before, -0.1 * size);
    V grow = smaller(larger(0.9 * exponential(power), splat(0.2)), splat(5.0));
    V next = g->step * select(error2 < 1e300, grow, splat(0.1));
    g->h = select(accepted & stops, larger(next, g->h), next);
    g->before = select(accepted, size, g->before);
}

static INLINE void start(struct group *g, int method)
{
    if (method == EXPLICIT && any(g->fresh)) {
        derivative(g->x, g->q, g->y);
        for (int i = 0; i < STATES; i++) g->k[0][i] = select(g->fresh, g->y[i], g->k[0][i]);
    }
    g->fresh = (M){};
}

static INLINE void finish(struct group *g, M accepted, V reached, int method)
{
    for (int i = 0; i < STATES; i++) {
        g->x[i] = select(accepted, g->z[i], g->x[i]);
        if (method == EXPLICIT) g->k[0][i] = select(accepted, g->k[6][i], g->k[0][i]);
    }
    g->t = select(accepted, reached, g->t);
}

static void fail(struct group *g, int lane, const struct job *job)
{
    *at(&g->tried, lane) *= -1.0;
    *at(&g->h, lane) = 0.0;
    leave(g, lane, job);
}

static INLINE void advance_by(const struct job *job, int method)
{
    struct group g = {0};
    EACH(lane) settle(&g, lane, job);
    while (any(g.alive)) {
        start(&g, method);
        M stops = g.t + 1.0000001 * g.h >= g.stop;
        g.step = select(g.alive, select(stops, g.stop - g.t, g.h), splat(1.0)); /* an empty lane steps on the spot */
        g.tried += 1.0;
        if (method == STIFF) stiff_stages(&g);
        else explicit_stages(&g);
        V error2 = wrong(&g, job->rtol, method);
        M accepted = g.alive & (error2 <= 1.0);
        V reached = select(stops, g.stop, g.t + g.step);
        dense(&g, accepted, reached, job, method);
        g.fresh = watched(&g, accepted) ? watch(&g, accepted, method) : (M){};
        finish(&g, accepted, reached, method);
        control(&g, error2, accepted, stops, method);
        M failed = g.alive & ((g.tried > MOST_STEPS) | ~(g.h > LEAST_STEP)), settled = (accepted & stops) | failed;
        if (any(settled))
            EACH(lane) if (settled[lane]) {
                if (failed[lane]) fail(&g, lane, job);
                settle(&g, lane, job);
            }
    }
}

/* Advance all patients that the job's counter gives us. */
void advance(const struct job *job)
{
    if (job->method == STIFF) advance_by(job, STIFF);
    else advance_by(job, EXPLICIT);
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
