package dev.stagewalk;

import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNTHETIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** The rules of the architecture, each with its reason. */
@AnalyzeClasses(packages = "dev.stagewalk", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  /** The floors of the engine, ground floor first. */
  private static final List<String> FLOORS =
      List.of(
          "arch", "event", "isa", "mem", "mmu", "fp", "cpu", "board", "image", "hyp", "nested",
          "check", "explain", "time", "trace", "ask", "session", "gdb");

  private static final String[] ENGINE =
      FLOORS.stream().map(floor -> "dev.stagewalk." + floor + "..").toArray(String[]::new);

  @ArchTest
  static void eachFloorStandsOnTheFloorsBelowIt(JavaClasses classes) {
    for (int floor = 0; floor < ENGINE.length - 1; floor++) {
      noClasses()
          .that()
          .resideInAPackage(ENGINE[floor])
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(Arrays.copyOfRange(ENGINE, floor + 1, ENGINE.length))
          .because("a floor that knows the ones above it cannot be tested or read alone")
          .allowEmptyShould(true)
          .check(classes);
    }
  }

  @ArchTest
  static final ArchRule theEngineRunsWithoutAScreen =
      noClasses()
          .that()
          .resideInAnyPackage(ENGINE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "javafx..", "org.controlsfx..", "org.fxmisc..", "java.awt..", "javax.swing..")
          .because("window, command line, lesson, gdb and test drive one and the same engine");

  @ArchTest
  static final ArchRule theEngineKnowsNoFace =
      noClasses()
          .that()
          .resideInAnyPackage(ENGINE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.stagewalk.views..", "dev.stagewalk.app..", "dev.stagewalk.guests..")
          .because("faces and guests come and go, and the machine must not notice");

  @ArchTest
  static final ArchRule viewsDoNotKnowTheProgram =
      noClasses()
          .that()
          .resideInAPackage("dev.stagewalk.views..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.stagewalk.app..")
          .because("a pane is fed with snapshots and can be put into any window");

  @ArchTest
  static final ArchRule guestsAreContent =
      noClasses()
          .that()
          .resideInAPackage("dev.stagewalk.guests..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.stagewalk.views..", "dev.stagewalk.app..", "javafx..")
          .because("a guest runs the same in a window, on the command line and in a test");

  @ArchTest
  static final ArchRule namesSayWhatAThingIs =
      noClasses()
          .should()
          .haveNameMatching(".*\\.[^.]*(Manager|Helper|Impl|Util(s|ity|ities)?([A-Z].*)?)(\\$.*)?")
          .because("such a name says that nobody decided what the class is for");

  @ArchTest
  static final ArchRule noStateHidesInStatics =
      fields()
          .that()
          .areStatic()
          .and()
          .doNotHaveModifier(SYNTHETIC)
          .should()
          .haveModifier(FINAL)
          .because("two machines may run in one process, and a rewind must miss nothing");

  @ArchTest
  static final ArchRule everyPackageSaysThatNothingIsNullUnlessMarked =
      classes()
          .should(standInANullMarkedPackage())
          .because("the compiler finds a forgotten null only where a package asks it to");

  private static ArchCondition<JavaClass> standInANullMarkedPackage() {
    return ArchCondition.from(
        DescribedPredicate.describe(
            "stand in a package whose package-info is @NullMarked",
            type -> type.getPackage().isAnnotatedWith(NullMarked.class)));
  }
}
