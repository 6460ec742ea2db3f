package org.umwelt.viewer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The floors of the house: a module imports only modules below it, and packages form no cycles. */
final class FloorsTest {
  private static final List<String> FLOORS =
      List.of("kernels", "physics", "envs", "worldmodel", "agents", "viewer");

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.umwelt");

  static List<String> floorsWithOneAbove() {
    return FLOORS.subList(0, FLOORS.size() - 1);
  }

  @Test
  void allFloorsAreSeen() {
    for (String floor : List.of("kernels", "envs", "agents")) {
      assertThat(HOUSE).anyMatch(type -> type.getPackageName().startsWith("org.umwelt." + floor));
    }
  }

  @ParameterizedTest
  @MethodSource("floorsWithOneAbove")
  void noFloorImportsOneAboveIt(String floor) {
    String[] above =
        FLOORS.subList(FLOORS.indexOf(floor) + 1, FLOORS.size()).stream()
            .map(name -> "org.umwelt." + name + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("org.umwelt." + floor + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(above)
        .allowEmptyShould(true) // a floor nothing has moved into yet
        .check(HOUSE);
  }

  @Test
  void packagesFormNoCycles() {
    slices().matching("org.umwelt.(**)").should().beFreeOfCycles().check(HOUSE);
  }

  @Test
  void onlyTheViewerKnowsJavaFx() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.umwelt.viewer..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("javafx..")
        .check(HOUSE);
  }

  @Test
  void namesSayTheThing() {
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Impl")
        .check(HOUSE);
  }
}
