package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.views.Theme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsTest {
  @TempDir private Path folder;

  @Test
  void whatWasChosenIsThereAtTheNextStart() {
    Path file = folder.resolve("deep/er/stagewalk.properties");
    Settings first = new Settings(Optional.of(file));
    assertThat(first.arrangement()).isEmpty();
    first.theme(Theme.LIGHT);
    first.scale(1.5);
    first.arrangement(Arrangement.DEBUG);

    Settings next = new Settings(Optional.of(file));
    assertThat(next.theme()).isEqualTo(Theme.LIGHT);
    assertThat(next.scale()).isEqualTo(1.5);
    assertThat(next.arrangement()).contains(Arrangement.DEBUG);
  }

  @Test
  void aSpoiltFileCountsAsNone() throws Exception {
    Path file = folder.resolve("stagewalk.properties");
    Files.writeString(file, "theme=MAUVE\nscale=-3\narrangement=\\u12");
    Settings settings = new Settings(Optional.of(file));
    assertThat(settings.theme()).isEqualTo(Theme.DARK);
    assertThat(settings.scale()).isEqualTo(1);

    Files.writeString(file, "theme=MAUVE\nscale=none\narrangement=UPSIDE_DOWN");
    settings = new Settings(Optional.of(file));
    assertThat(settings.theme()).isEqualTo(Theme.DARK);
    assertThat(settings.scale()).isEqualTo(1);
    assertThat(settings.arrangement()).contains(Arrangement.TEACH);
  }

  @Test
  void aPlaceThatCannotBeWrittenIsBorne() throws Exception {
    Path inTheWay = Files.writeString(folder.resolve("file"), "");
    Settings settings = new Settings(Optional.of(inTheWay.resolve("stagewalk.properties")));
    settings.theme(Theme.LIGHT);
    assertThat(settings.theme()).isEqualTo(Theme.LIGHT);
  }

  @Test
  void eachPlatformHasItsOwnFolder() {
    Path home = Path.of("/home/x");
    assertThat(Settings.folder("Linux", Map.of(), home))
        .isEqualTo(home.resolve(".config/stagewalk"));
    assertThat(Settings.folder("Linux", Map.of("XDG_CONFIG_HOME", "/c"), home))
        .isEqualTo(Path.of("/c/stagewalk"));
    assertThat(Settings.folder("Mac OS X", Map.of(), home))
        .isEqualTo(home.resolve("Library/Application Support/Stagewalk"));
    assertThat(Settings.folder("Windows 11", Map.of("APPDATA", "/r"), home))
        .isEqualTo(Path.of("/r/Stagewalk"));
  }
}
