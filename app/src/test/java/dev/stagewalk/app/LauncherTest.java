package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The start script, with JDKs that only say their version and how they were called. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the script is for sh")
final class LauncherTest {
  private static final Path SCRIPT = Path.of("src/dist/bin/stagewalk").toAbsolutePath();

  @TempDir Path folder;
  private Path script;

  @BeforeEach
  void install() throws IOException {
    script = Files.createDirectories(folder.resolve("a place/bin")).resolve("stagewalk");
    Files.copy(SCRIPT, script);
  }

  @Test
  void startsMainWithJavaFxAsModulesAndOursOnTheClassPath() throws Exception {
    Run run = run(Map.of("STAGEWALK_JAVA", jdk("new", "25").toString()), "run", "a b");

    Path home = folder.resolve("a place").toRealPath();
    assertThat(run.lines)
        .containsExactly(
            "new",
            "--enable-native-access=javafx.graphics,ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "--module-path",
            home + "/lib/javafx",
            "--add-modules=javafx.controls",
            "-cp",
            home + "/lib/*",
            "dev.stagewalk.app.Main",
            "run",
            "a b");
    assertThat(run.exit).isZero();
  }

  @Test
  void takesAJavaExecutableToo() throws Exception {
    Path java = jdk("new", "26").resolve("bin/java");
    assertThat(run(Map.of("STAGEWALK_JAVA", java.toString())).lines).first().isEqualTo("new");
  }

  @Test
  void passesOverAJdkThatIsTooOld() throws Exception {
    Map<String, String> environment =
        Map.of(
            "STAGEWALK_JAVA", jdk("old", "17").toString(),
            "JAVA_HOME", jdk("new", "25").toString());
    assertThat(run(environment).lines).first().isEqualTo("new");
  }

  @Test
  void readsTheVersionSchemeOfJava8() throws Exception {
    Map<String, String> environment =
        Map.of(
            "STAGEWALK_JAVA", jdk("ancient", "1.8").toString(),
            "JAVA_HOME", jdk("new", "25").toString());
    assertThat(run(environment).lines).first().isEqualTo("new");
  }

  @Test
  void findsItsFolderThroughASymbolicLink() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), script);
    Run run = run(link, Map.of("STAGEWALK_JAVA", jdk("new", "25").toString()));
    assertThat(run.lines).contains(folder.resolve("a place").toRealPath() + "/lib/*");
  }

  /** A JDK that answers with its version, or else prints its name and its arguments. */
  private Path jdk(String name, String version) throws IOException {
    Path home = folder.resolve("jdk " + name);
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(
        java,
        """
        #!/bin/sh
        if [ "$1" = -XshowSettings:properties ]; then
          echo "    java.specification.version = %s" >&2
        else
          printf '%%s\\n' %s "$@"
        fi
        """
            .formatted(version, name));
    assertThat(java.toFile().setExecutable(true)).isTrue();
    return home;
  }

  private Run run(Map<String, String> environment, String... arguments) throws Exception {
    return run(script, environment, arguments);
  }

  private Run run(Path start, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("sh", start.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().remove("JAVA_HOME");
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), output.lines().toList());
  }

  private record Run(int exit, List<String> lines) {}
}
