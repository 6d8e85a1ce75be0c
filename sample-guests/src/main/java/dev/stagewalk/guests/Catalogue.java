package dev.stagewalk.guests;

import dev.stagewalk.arch.Alike;
import dev.stagewalk.session.Scenario;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The scenarios that come with the program, in the order they are offered. */
public final class Catalogue {
  private static final List<String> EXITS = List.of("exits-paging", "exits-hvc");

  private final List<Scenario> scenarios;

  private Catalogue(List<Scenario> scenarios) {
    this.scenarios = scenarios;
  }

  /** Guests that measure exits to the hypervisor in Java, which are not offered as samples. */
  public static List<Scenario> exitWorkloads() {
    return EXITS.stream().map(Catalogue::read).toList();
  }

  /** Reads the catalogue from the program's own resources. */
  public static Catalogue standard() {
    return new Catalogue(
        resource("catalogue.txt")
            .lines()
            .filter(line -> !line.isBlank())
            .map(Catalogue::read)
            .toList());
  }

  /**
   * A scenario of the program, also one that is not offered as a sample.
   *
   * @throws IllegalArgumentException if there is none of that name; the message offers others
   */
  public static Scenario scenario(String name) {
    if (Catalogue.class.getResource(name + ".scenario") == null) {
      throw new IllegalArgumentException(
          "there is no scenario '" + name + "'" + Alike.choice(name, standard().names()));
    }
    return read(name);
  }

  /** All scenarios. */
  public List<Scenario> scenarios() {
    return scenarios;
  }

  /** The scenario offered first. */
  public Scenario first() {
    return scenarios.getFirst();
  }

  /** The scenario of a name such as {@code demand-paging}. */
  public Optional<Scenario> find(String name) {
    return scenarios.stream().filter(s -> s.name().equals(name)).findFirst();
  }

  /** Names of all scenarios. */
  public List<String> names() {
    return scenarios.stream().map(Scenario::name).toList();
  }

  private static Scenario read(String name) {
    String file = name + ".scenario";
    return ScenarioFile.parse(name, file, resource(file), Catalogue::resource);
  }

  /** The text of a resource beside this class. */
  public static String resource(String file) {
    try (InputStream in = Catalogue.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its resource " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the resource " + file, e);
    }
  }
}
