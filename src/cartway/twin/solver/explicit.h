/* Dormand and Prince's method of order 5 with its dense output of order 4, for steps that accuracy limits: J. Comput. Appl.
 * Math. 6 (1980), doi 10.1016/0771-050X(80)90013-3; Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, II.5, II.6.
 */

/* Weights of the stages in the change since the step's start, at share u of a step of length h. */
static INLINE void explicit_weights(V u, V h, V w[STAGES])
{
    static const double full[7] = {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84, 0};
    static const double late[7] = {-12715105075.0 / 11282082432, 0, 87487479700.0 / 32700410799, -10690763975.0 / 1880347072,
                                   701980252875.0 / 199316789632, -1453857185.0 / 822651844, 69997945.0 / 29380423};
    V rest = 1.0 - u;
    for (int i = 0; i < 7; i++) {
        double first = i == 0, last = i == 6;
        w[i] = h * u * (full[i] + rest * ((first - full[i]) + u * ((2 * full[i] - first - last) + rest * late[i])));
    }
}

/* The stages of one step of length g->step: y is scratch, z the new states, k[0] the rates now, k[6] those of z. */
static INLINE void explicit_stages(struct group *g)
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

/* The error of state i, beside the solution of order 4. */
static INLINE V explicit_error(const struct group *g, int i)
{
    return g->step
           * (g->k[0][i] * (71.0 / 57600) - g->k[2][i] * (71.0 / 16695) + g->k[3][i] * (71.0 / 1920)
              - g->k[4][i] * (17253.0 / 339200) + g->k[5][i] * (22.0 / 525) - g->k[6][i] * (1.0 / 40));
}
