/* What one call is asked to do: the same for every instruction set. Arrays are as in solve.py, rows after one another. */
#define FIRST_STEP 0.01   /* days */
#define AFTER_EVENT 0.05  /* days: the longest first step after something was done */
#define LEAST_ERROR 1e-4  /* the step's control looks no closer */
#define MOST_STEPS 200000
#define LEAST_STEP 1e-12
#define MEMORY (4 * CLONES + 1) /* of each clone: how it stands, its cells then, its deaths, its draw; and the step to go on with */

struct job {
    long long patients, times, outputs, method, going_on; /* going_on: what is due at `day` has been done */
    double day, end, rtol;
    double *x, *memory;
    const double *p, *time;
    const long long *first;
    const double *at;
    const long long *which;
    const double *factor, *plus;
    const long long *chosen;
    double *out;
    long long *steps;
    long long *next; /* shared by the threads of one call */
};
