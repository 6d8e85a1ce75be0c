package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class NativeProbeTest {
  private final NativeProbe probe = new NativeProbe();

  @Test
  void theLinkerFindsTheCLibraryAndNoInventedOne() {
    assertThat(probe.loads("libc.so.6")).isTrue();
    assertThat(probe.loads("libstagewalk-has-no-such.so.1")).isFalse();
  }

  @Test
  void noServerAnswersAtADisplayNobodyStarted() {
    assertThat(probe.answers(":64123")).isFalse();
    assertThat(probe.answers("no display at all")).isFalse();
  }

  @Test
  void fontsAreSeenWhereFcListSeesThem() throws Exception {
    Path fcList = Path.of("/usr/bin/fc-list");
    assumeTrue(probe.loads("libfontconfig.so.1"), "Fontconfig is not installed");
    assumeTrue(Files.isExecutable(fcList), "Fontconfig's tools are not installed");
    Process process = new ProcessBuilder(fcList.toString()).start();
    boolean listed = process.getInputStream().readAllBytes().length > 0;

    assertThat(probe.hasFonts()).isEqualTo(listed);
  }

  @Test
  @Tag("native")
  void theServerOfThisDisplayAnswersAndTheWindowIsPromised() {
    assertThat(probe.answers(System.getenv("DISPLAY"))).isTrue();
    assertThat(Display.ofThisMachine().forWindow()).isInstanceOf(Screen.Window.class);
  }
}
