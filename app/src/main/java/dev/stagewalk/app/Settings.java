package dev.stagewalk.app;

import dev.stagewalk.time.History;
import dev.stagewalk.views.Theme;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * What the program remembers of its user between two starts, in a properties file of their
 * configuration folder. A file that cannot be read or written is as good as none.
 */
final class Settings {
  private final Optional<Path> file;
  private final Properties values = new Properties();

  /**
   * @param file where to read and write; empty to remember nothing
   */
  Settings(Optional<Path> file) {
    this.file = file;
    file.filter(Files::isReadable).ifPresent(this::read);
  }

  /** The settings of the user who runs this program. */
  static Settings ofUser() {
    try {
      return new Settings(
          Optional.of(
              folder(
                      System.getProperty("os.name", ""),
                      System.getenv(),
                      Path.of(System.getProperty("user.home", ".")))
                  .resolve("stagewalk.properties")));
    } catch (InvalidPathException noSuchPlace) {
      return forgetful();
    }
  }

  /** Settings that begin with the defaults and are not kept. */
  static Settings forgetful() {
    return new Settings(Optional.empty());
  }

  /** The folder where programs of a platform keep a user's configuration. */
  static Path folder(String platform, Map<String, String> environment, Path home) {
    String name = platform.toLowerCase(Locale.ROOT);
    if (name.startsWith("windows")) {
      String roaming = environment.get("APPDATA");
      return (roaming == null ? home.resolve("AppData/Roaming") : Path.of(roaming))
          .resolve("Stagewalk");
    }
    if (name.startsWith("mac")) {
      return home.resolve("Library/Application Support/Stagewalk");
    }
    String config = environment.get("XDG_CONFIG_HOME");
    return (config == null || config.isBlank() ? home.resolve(".config") : Path.of(config))
        .resolve("stagewalk");
  }

  private void read(Path from) {
    try (Reader in = Files.newBufferedReader(from)) {
      values.load(in);
    } catch (IOException | IllegalArgumentException unreadable) {
      values.clear();
    }
  }

  private void put(String key, String value) {
    if (!value.equals(values.setProperty(key, value))) {
      file.ifPresent(this::write);
    }
  }

  private void write(Path to) {
    try {
      Path folder = to.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      try (Writer out = Files.newBufferedWriter(to)) {
        values.store(out, "Stagewalk");
      }
    } catch (IOException notKept) {
      // The window works the same; the next start begins with the defaults.
    }
  }

  Theme theme() {
    return constant(Theme.class, "theme", Theme.DARK);
  }

  void theme(Theme theme) {
    put("theme", theme.name());
  }

  /** The arrangement used last; empty at the very first start. */
  Optional<Arrangement> arrangement() {
    return values.containsKey("arrangement")
        ? Optional.of(constant(Arrangement.class, "arrangement", Arrangement.TEACH))
        : Optional.empty();
  }

  void arrangement(Arrangement arrangement) {
    put("arrangement", arrangement.name());
  }

  /** 0.7 to 3. */
  double scale() {
    try {
      double scale = Double.parseDouble(values.getProperty("scale", "1"));
      return scale >= 0.7 && scale <= 3 ? scale : 1;
    } catch (NumberFormatException unreadable) {
      return 1;
    }
  }

  void scale(double scale) {
    put("scale", Double.toString(scale));
  }

  /** Bytes that the history may take; empty for as many as usual. */
  Optional<Long> historyBudget() {
    try {
      return Optional.ofNullable(values.getProperty("history"))
          .filter(text -> !text.isEmpty())
          .map(Long::valueOf)
          .filter(bytes -> bytes >= History.LEAST_BUDGET);
    } catch (NumberFormatException unreadable) {
      return Optional.empty();
    }
  }

  void historyBudget(Optional<Long> bytes) {
    put("history", bytes.map(String::valueOf).orElse(""));
  }

  /** Cards of a lesson that were gone through. */
  int lesson(String name) {
    try {
      return Math.max(0, Integer.parseInt(values.getProperty("lesson." + name, "0")));
    } catch (NumberFormatException unreadable) {
      return 0;
    }
  }

  /** Remembers that a card of a lesson was gone through, if it is further than before. */
  void lesson(String name, int card) {
    if (card > lesson(name)) {
      put("lesson." + name, Integer.toString(card));
    }
  }

  private <E extends Enum<E>> E constant(Class<E> type, String key, E otherwise) {
    try {
      return Enum.valueOf(type, values.getProperty(key, otherwise.name()));
    } catch (IllegalArgumentException unknown) {
      return otherwise;
    }
  }
}
