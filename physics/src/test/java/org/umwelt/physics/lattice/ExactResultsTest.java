package org.umwelt.physics.lattice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.kernels.random.RandomStream;

class ExactResultsTest {
  private static Lattice lattice(String shape) {
    return new Lattice(Arrays.stream(shape.split("x", -1)).mapToInt(Integer::parseInt).toArray());
  }

  @ParameterizedTest
  @CsvSource({
    "8, 5.3910341626, 2.6184454404, 1.0078698146, 0.6338535414, 0.4183006536, 0.5",
    "6x6, 10.1161533149, -2.3604959352, 0.4065647002, 0.1819749939, 0.1077176258, 0.1111111111",
    "8x8, 17.8473952236, -4.3333145543, 0.3855011891, 0.1595950134, 0.0804250646, 0.0625",
    "16x16, 71.2372603405, -17.4855787712, 0.3769581112, 0.1505179931, 0.0694796782, 0.015625",
    "4x4x4, 3.8335205597, -18.3471892183, 0.2481446681, 0.0918173626, 0.0651427696, 0.0625",
    "4x4x4x4, -24.9911308976, -113.7139700093, 0.1560965243, 0.0359745407, 0.0200990624, 0.015625",
    "8x8x8x8, -408.0059289931, -1827.5713547799, 0.1456381931, 0.0251893866, 0.0057557067, 0.0009765625"
  })
  void freeFieldsHaveThePrintedValues(
      String shape, double logH, double logA, double g0, double g1, double g2, double m2) {
    Lattice lattice = lattice(shape);
    int d = lattice.dimensions();
    FreeField textbook = new FreeField(lattice, Phi4.textbook(d, 0.25, 0));
    FreeField mass = new FreeField(lattice, Phi4.mass(d, 0.25, 0));
    int[] x = new int[d];

    assertThat(textbook.logPartitionFunction()).isCloseTo(logH, within(1e-9));
    assertThat(mass.logPartitionFunction()).isCloseTo(logA, within(1e-9));
    assertThat(textbook.correlation(x)).isCloseTo(g0, within(6e-11));
    x[0] = 1;
    assertThat(textbook.correlation(x)).isCloseTo(g1, within(6e-11));
    x[0] = 2;
    assertThat(textbook.correlation(x)).isCloseTo(g2, within(6e-11));
    assertThat(mass.correlation(x)).isCloseTo(g2 / 2, within(6e-11));
    assertThat(textbook.magnetisationSquared()).isCloseTo(m2, within(6e-11));
  }

  @ParameterizedTest
  @CsvSource({
    "0.1, 10, 0.0020508489",
    "0.2, 5, 0.0329706047",
    "0.25, 4, 0.0807404268",
    "0.5, 2, 1.3030109406"
  })
  void leapfrogChangesTheEnergyOfTheFreeFieldAsPrinted(double step, int steps, double change) {
    FreeField field = new FreeField(lattice("8x8"), Phi4.textbook(2, 0.25, 0));
    assertThat(field.leapfrogEnergyChange(step, steps)).isCloseTo(change, within(6e-11));
  }

  @ParameterizedTest
  @CsvSource({
    "-4, 6.975, 0.832949366619, 0.250812568736, 0.107759876340, 0.057867982686",
    "-4, 8, 0.733748687322, 0.223366242394, 0.087091560598, 0.042713475374",
    "1, 1, 0.313661799576, 0.233959958487, 0.133020020757, 0.108959958487",
    "0.956, 0.022, 0.578277976857, 0.490937139822, 0.696911234766, 1.594512938584",
    "0, 0.5, 0.768162139278, 0.477988797486, 0.5, 0.716983196229"
  })
  void oneSiteHasThePrintedValues(
      double a, double lambda, double logZ, double x2, double x4, double x6) {
    OneSite site = new OneSite(a, lambda);
    assertThat(site.logPartitionFunction()).isCloseTo(logZ, within(1e-12));
    assertThat(site.moment(2)).isCloseTo(x2, within(1e-12));
    assertThat(site.moment(4)).isCloseTo(x4, within(1e-12));
    assertThat(site.moment(6)).isCloseTo(x6, within(1e-12));
    assertThat(site.moment(3)).isCloseTo(0, within(1e-14));
  }

  /** Two wells far apart: in each, a Gaussian of variance 1 / (8 lambda x0^2) about x0. */
  @Test
  void deepWellsAreFoundAndDoNotOverflow() {
    OneSite site = new OneSite(-100, 1); // x0^2 = 50, depth 2500
    assertThat(site.logPartitionFunction())
        .isCloseTo(2500 + Math.log(2 * Math.sqrt(Math.PI / 200)), within(1e-3));
    assertThat(site.moment(2)).isCloseTo(50, within(0.02));
    ExactObservables ring = Circle.compute(new Phi4(1, 0, -100, 1), 3, 24);
    assertThat(ring.logPartitionFunction())
        .isCloseTo(3 * site.logPartitionFunction(), within(1e-6));
  }

  private static Phi4 action(String convention, double first, double lambda) {
    return convention.equals("A") ? Phi4.mass(2, first, lambda) : Phi4.kappa(2, first, lambda);
  }

  private static void check(
      ExactObservables found,
      double logZ,
      double phi2,
      double phi4,
      double nn,
      double m2,
      double error) {
    assertThat(found.logPartitionFunction()).isCloseTo(logZ, within(error));
    assertThat(found.phi2()).isCloseTo(phi2, within(error));
    assertThat(found.phi4()).isCloseTo(phi4, within(error * 10));
    assertThat(found.neighbour()).isCloseTo(nn, within(error));
    assertThat(found.magnetisationSquared()).isCloseTo(m2, within(error));
  }

  private static double virial(Phi4 s, ExactObservables o) {
    return 2 * (s.quadratic() * o.phi2() - 2 * s.hopping() * s.dimensions() * o.neighbour())
        + 4 * s.quartic() * o.phi4();
  }

  @ParameterizedTest
  @CsvSource({
    "A, -4, 6.975, 2, 24, 1.1731847108, 0.1956262102, 0.0711283841, 0.1230602395, 0.1360524077, 6e-11",
    "A, -4, 6.975, 3, 12, 1.9698242751, 0.1761579088, 0.0603500321, 0.0854707369, 0.0869858235, 6e-11",
    "A, -4, 8, 2, 24, 0.9144339784, 0.1714344232, 0.0561695839, 0.0996783356, 0.1126204104, 6e-11",
    "A, -4, 8, 3, 12, 1.476528667, 0.154404192, 0.047601949, 0.065407794, 0.067152153, 6e-10",
    "A, 1, 1, 2, 24, -0.6802300257, 0.1301461272, 0.0459554443, 0.0606603811, 0.0735212553, 6e-11",
    "A, 1, 1, 3, 12, -1.912187153, 0.111590624, 0.034606236, 0.031791398, 0.034344427, 6e-10",
    "K, 0.3, 0.5, 2, 24, 4.0783670436, 0.8301345986, 1.2074813070, 0.5895677558, 0.6323964309, 6e-11",
    "K, 0.3, 0.5, 3, 14, 8.3475834821, 0.7601511687, 1.0527260052, 0.4606050044, 0.4650439028, 6e-11",
    "K, 0.2, 0.022, 2, 32, 2.7663455493, 0.8015737729, 1.7587353595, 0.4296111034, 0.4969927283, 6e-11",
    "K, 0.2, 0.022, 3, 16, 5.73291783, 0.65467428, 1.20797481, 0.22377438, 0.23471081, 6e-9",
    "K, 0.25, 0.022, 2, 36, 3.3320327021, 1.4872720720, 5.1534829605, 1.1485853511, 1.2071429557, 6e-11",
    "K, 0.3, 0.022, 2, 36, 5.2138355475, 4.4335964857, 28.7744427266, 4.1704947669, 4.2169250270, 6e-10"
  })
  void smallSquaresHaveThePrintedValues(
      String convention,
      double first,
      double lambda,
      int length,
      int nodes,
      double logZ,
      double phi2,
      double phi4,
      double nn,
      double m2,
      double error) {
    Phi4 action = action(convention, first, lambda);
    ExactObservables found = new TransferMatrix(action, length, nodes).compute().observables();
    check(found, logZ, phi2, phi4, nn, m2, error);
    assertThat(virial(action, found)).isCloseTo(1, within(1e-7));
  }

  /** With wide distributions, which need many nodes. */
  @ParameterizedTest
  @CsvSource({
    "0.25, 0.022, 3, 20, 6.4527279333, 1.1365624820, 3.2314464248, 0.7287373755, 0.7323084173, 6e-9",
    "0.3, 0.022, 3, 22, 10.26266812, 4.63012016, 28.988875, 4.33492114, 4.3412523, 6e-7"
  })
  @Tag("slow")
  void wideSquaresHaveThePrintedValues(
      double kappa,
      double lambda,
      int length,
      int nodes,
      double logZ,
      double phi2,
      double phi4,
      double nn,
      double m2,
      double error) {
    Phi4 action = Phi4.kappa(2, kappa, lambda);
    check(
        new TransferMatrix(action, length, nodes).compute().observables(),
        logZ,
        phi2,
        phi4,
        nn,
        m2,
        error);
  }

  /** Squares of four, A. */
  @ParameterizedTest
  @CsvSource({
    "8, 2.4051389616, 0.1477462141, 0.0443758604, 0.0525034415, 0.0427479728",
    "5.113, 5.4734724351, 0.2427320861, 0.1063233003, 0.1468155171, 0.1356954192"
  })
  @Tag("slow")
  void otherSquaresOfFourToo(
      double lambda, double logZ, double phi2, double phi4, double nn, double m2) {
    check(
        new TransferMatrix(Phi4.mass(2, -4, lambda), 4, 10).compute().observables(),
        logZ,
        phi2,
        phi4,
        nn,
        m2,
        2e-8);
  }

  /**
   * The double well of arXiv 2301.07388 on a circle of circumference 4: a = 4 / N, S = sum of m /
   * (2 a) (phi' - phi)^2 + a (-m/2 phi^2 + phi^4 / 4).
   */
  @ParameterizedTest
  @CsvSource({
    "4, 1.5, 110, 3.6581536976, 1.0652169999, 1.9929112883, 0.8992414224, 0.86357893, 0.80459083",
    "8, 1.5, 110, 3.6663901312, 1.0258532368, 1.9747977021, 0.8410528279, 0.89552139, 0.75196238",
    "16, 1.5, 110, 1.0509244575, 1.0128391286, 1.9714020072, 0.8222001241, 0.93892545, 0.73451193",
    "32, 1.5, 110, -9.6780133334, 1.0092257165, 1.9707848536, 0.8170052927, 0.96993898, 0.72966811",
    "64, 1.5, 160, -42.2131304401, 1.0082938647, 1.9706529389, 0.8156687359, 0.98805716, 0.72841934",
    "16, 3.0, 110, 1.8344424032, 2.7365082667, 8.8488910288, 2.6566034776, 2.70150166, 2.62528621",
    "16, 4.5, 110, 9.7652339939, 4.3373813559, 20.1948807353, 4.2860255670, 4.31430264, 4.26664389",
    "16, 6.0, 110, 23.1902348828, 5.8804277894, 35.9704212151, 5.8423255721, 5.86317703, 5.82810612",
    "8, 3.0, 110, 7.2324958954, 2.7464003980, 8.8535967048, 2.6709773443, 2.68866688, 2.63954521"
  })
  void doubleWellsOnACircleHaveThePrintedValues(
      int sites,
      double m,
      int nodes,
      double logZ,
      double phi2,
      double phi4,
      double m2,
      double g1,
      double opposite) {
    double a = 4.0 / sites;
    Phi4 action = new Phi4(1, m / (2 * a), m / a - a * m / 2, a / 4);
    ExactObservables found = Circle.compute(action, sites, nodes);
    assertThat(found.logPartitionFunction()).isCloseTo(logZ, within(6e-11));
    assertThat(found.phi2()).isCloseTo(phi2, within(6e-11));
    assertThat(found.phi4()).isCloseTo(phi4, within(6e-11));
    assertThat(found.magnetisationSquared()).isCloseTo(m2, within(6e-11));
    assertThat(found.neighbour()).isCloseTo(g1, within(6e-9));
    double[] correlations = Circle.correlations(action, sites, nodes);
    assertThat(correlations).hasSize(sites / 2 + 1);
    assertThat(correlations[0]).isCloseTo(found.phi2(), within(1e-12));
    assertThat(correlations[1]).isCloseTo(found.neighbour(), within(1e-12));
    assertThat(correlations[sites / 2]).isCloseTo(opposite, within(6e-9));
  }

  @Test
  @Tag("slow")
  void aSquareOfFourHasThePrintedValues() {
    TransferMatrix.Result found = new TransferMatrix(Phi4.mass(2, -4, 6.975), 4, 10).compute();
    check(
        found.observables(),
        3.2183289229,
        0.1673917691,
        0.0557089904,
        0.0692851041,
        0.0584357953,
        6e-10);
    assertThat(found.correlator()[0]).isCloseTo(0.088674055101, within(1e-9));
    assertThat(found.correlator()[1]).isCloseTo(0.051813856847, within(1e-9));
    assertThat(found.correlator()[2]).isCloseTo(0.041441412584, within(1e-9));
  }

  @Test
  void hypercubesHaveThePrintedValues() {
    check(
        Hypercube.compute(Phi4.kappa(2, 0.3, 0.5), 24),
        4.0783670436,
        0.8301345986,
        1.2074813070,
        0.5895677558,
        0.6323964309,
        6e-11);
    check(
        Hypercube.compute(Phi4.kappa(3, 0.18, 0.5), 20),
        7.1736788103,
        0.6744791363,
        0.8761105535,
        0.3482505125,
        0.3449468947,
        6e-11);
  }

  @Test
  @Tag("slow")
  void aHypercubeOfFourDimensionsToo() {
    check(
        Hypercube.compute(Phi4.kappa(4, 0.12, 0.5), 8),
        13.36826122,
        0.57578136,
        0.6806397,
        0.18816631,
        0.15057277,
        1e-7);
  }

  /** Two sites on a ring have the double link of a hypercube; without hopping there is one site. */
  @Test
  void circlesAgreeWithWhatIsKnown() {
    for (int length = 2; length <= 5; length++) {
      ExactObservables alone = Circle.compute(new Phi4(1, 0, -4, 8), length, 24);
      OneSite site = new OneSite(-4, 8);
      assertThat(alone.logPartitionFunction())
          .isCloseTo(length * site.logPartitionFunction(), within(1e-10));
      assertThat(alone.phi2()).isCloseTo(site.moment(2), within(1e-11));
      assertThat(alone.neighbour()).isCloseTo(0, within(1e-12));
      assertThat(alone.magnetisationSquared()).isCloseTo(site.moment(2) / length, within(1e-11));
    }
    Phi4 action = Phi4.mass(1, -2, 1);
    for (int length = 2; length <= 40; length += 19) {
      assertThat(virial(action, Circle.compute(action, length, 40))).isCloseTo(1, within(1e-9));
    }
    // A weak coupling is nearly free: phi^4 changes log Z by -lambda V <phi^4> to first order.
    Phi4 weak = Phi4.mass(1, 0.25, 1e-6);
    FreeField free = new FreeField(new Lattice(8), Phi4.mass(1, 0.25, 0));
    double phi2 = free.correlation(0);
    assertThat(Circle.compute(weak, 8, 100).logPartitionFunction())
        .isCloseTo(free.logPartitionFunction() - 8e-6 * 3 * phi2 * phi2, within(1e-9));
  }

  @Test
  void conventionsAreOneActionInOtherUnits() {
    RandomStream random = new RandomStream(1);
    for (int d = 1; d <= 4; d++) {
      Lattice lattice = Lattice.cube(d, 3);
      double[] field = new double[lattice.sites()];
      for (int x = 0; x < field.length; x++) {
        field[x] = random.nextGaussian();
      }
      for (Phi4 action :
          new Phi4[] {
            Phi4.mass(d, -4, 6.975), Phi4.textbook(d, 0.25, 3), Phi4.kappa(d, 0.3, 0.5)
          }) {
        for (double factor : new double[] {action.toMass(), action.toKappa(), 1.7}) {
          double[] scaled = Arrays.stream(field).map(phi -> phi / factor).toArray();
          assertThat(action.scaled(factor).action(lattice, scaled))
              .isCloseTo(action.action(lattice, field), within(1e-10));
        }
        Phi4 kappa = action.scaled(action.toKappa());
        assertThat(kappa.quadratic()).isCloseTo(1 - 2 * kappa.quartic(), within(1e-12));
        assertThat(action.scaled(action.toMass()).hopping()).isCloseTo(1, within(1e-14));
      }
    }
    Phi4 kappa = Phi4.mass(2, -4, 6.975);
    assertThat(2 * kappa.scaled(kappa.toKappa()).hopping()).isCloseTo(0.5355, within(1e-4));
    assertThat(kappa.scaled(kappa.toKappa()).quartic()).isCloseTo(0.5, within(1e-12));
    assertThat(kappa.massSquared()).isEqualTo(-4);
  }

  /** log Z of both conventions differ by V log factor. */
  @Test
  void partitionFunctionsScale() {
    Phi4 mass = Phi4.mass(2, -4, 6.975);
    double factor = mass.toKappa();
    double kappa =
        new TransferMatrix(mass.scaled(factor), 3, 12)
            .compute()
            .observables()
            .logPartitionFunction();
    assertThat(kappa + 9 * Math.log(factor)).isCloseTo(1.9698242751, within(1e-9));
  }

  @Test
  void forcesEqualCentralDifferences() {
    RandomStream random = new RandomStream(2);
    for (Lattice lattice :
        new Lattice[] {
          new Lattice(5), new Lattice(2, 3), new Lattice(3, 2, 4), Lattice.cube(4, 2)
        }) {
      Phi4 action = new Phi4(lattice.dimensions(), 0.7, -0.3, 1.1);
      double[] field = new double[lattice.sites()];
      for (int x = 0; x < field.length; x++) {
        field[x] = random.nextGaussian();
      }
      double[] force = new double[field.length];
      action.force(lattice, field, force);
      for (int x = 0; x < field.length; x++) {
        double kept = field[x];
        field[x] = kept + 1e-5;
        double up = action.action(lattice, field);
        field[x] = kept - 1e-5;
        double down = action.action(lattice, field);
        field[x] = kept;
        assertThat(force[x]).isCloseTo((up - down) / 2e-5, within(1e-7));
      }
    }
  }

  @Test
  void neighboursGoRound() {
    Lattice lattice = new Lattice(2, 3, 5);
    assertThat(lattice.sites()).isEqualTo(30);
    assertThat(lattice).hasToString("2x3x5");
    for (int site = 0; site < 30; site++) {
      for (int mu = 0; mu < 3; mu++) {
        assertThat(lattice.previous(lattice.next(site, mu), mu)).isEqualTo(site);
        int at = site;
        for (int i = 0; i < lattice.length(mu); i++) {
          at = lattice.next(at, mu);
        }
        assertThat(at).isEqualTo(site);
      }
    }
    assertThat(lattice.site(1, 2, 4)).isEqualTo(29);
    assertThat(lattice.site(-1, 3, -1)).isEqualTo(19);
    assertThat(lattice.isEven()).isFalse();
    assertThat(new Lattice(2, 4).isEven()).isTrue();
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> Phi4.mass(2, 1, -1)).hasMessageContaining("not negative");
    assertThatThrownBy(() -> Phi4.mass(2, -1, 0)).hasMessageContaining("positive mass squared");
    assertThatThrownBy(() -> Phi4.mass(5, 1, 1)).hasMessageContaining("1 to 4 dimensions");
    assertThatThrownBy(() -> new Lattice(4, 1)).hasMessageContaining("at least 2");
    assertThatThrownBy(() -> new Lattice(1 << 15, 1 << 15)).hasMessageContaining("at most");
  }
}
