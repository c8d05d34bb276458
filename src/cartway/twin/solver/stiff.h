/* RODAS: a Rosenbrock method of order 4, L-stable, for steps that stability would limit. Hairer and Wanner, Solving Ordinary
 * Differential Equations II (1996), section IV.7 and the code rodas.f, whose coefficients these are. The system is autonomous.
 */

static const double GAMMA = 0.25;
static const double STIFF_A[6][5] = {
    {0},
    {1.544},
    {0.9466785280815826, 0.2557011698983284},
    {3.314825187068521, 2.896124015972201, 0.9986419139977817},
    {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950},
    {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1.0},
};
static const double STIFF_C[6][5] = {
    {0},
    {-5.668800000000000},
    {-2.430093356833875, -0.2063599157091915},
    {-0.1073529058151375, -9.594562251023355, -20.47028614809616},
    {7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160},
    {8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054},
};
static const double STIFF_DENSE[2][6] = {
    {10.12623508344586, -7.487995877610167, -34.80091861555747, -7.992771707568823, 1.025137723295662},
    {-0.6762803392801253, 6.087714651680015, 16.43084320892478, 24.76722511418386, -6.594389125716872},
};

/* Weights of the stages in the change since the step's start, at share u of the step. */
static INLINE void stiff_weights(V u, V w[STAGES])
{
    V rest = 1.0 - u;
    for (int i = 0; i < 6; i++) {
        double full = i == 5 ? 1.0 : STIFF_A[5][i];
        w[i] = u * (full + rest * (STIFF_DENSE[0][i] + u * STIFF_DENSE[1][i]));
    }
}

/* The stages of one step of length g->step: y is scratch, z the new states, k[0..5] the changes that the stages give. */
static INLINE void stiff_stages(struct group *g)
{
    const V inverse = 1.0 / g->step;
    V jac[ENTRIES], lu[FACTORS];
    jacobian(g->x, g->q, jac);
    factor(jac, inverse * (1.0 / GAMMA), lu);
    for (int s = 0; s < 6; s++) {
        for (int i = 0; i < STATES; i++) {
            g->y[i] = g->x[i];
            for (int j = 0; j < s; j++) g->y[i] += STIFF_A[s][j] * g->k[j][i];
        }
        derivative(g->y, g->q, g->k[s]);
        for (int i = 0; i < STATES; i++) {
            V before = splat(0.0);
            for (int j = 0; j < s; j++) before += STIFF_C[s][j] * g->k[j][i];
            g->k[s][i] += inverse * before;
        }
        substitute(lu, g->k[s]);
    }
    for (int i = 0; i < STATES; i++) g->z[i] = g->y[i] + g->k[5][i];
}
