package dev.stagewalk;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The rules of the architecture, each with its reason. */
final class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter().importPackages("dev.stagewalk");

  @Test
  void viewsDoNotKnowTheProgram() {
    noClasses()
        .that()
        .resideInAPackage("dev.stagewalk.views..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.stagewalk.app..")
        .because("a pane is fed with snapshots and can be put into any window")
        .check(CLASSES);
  }
}
